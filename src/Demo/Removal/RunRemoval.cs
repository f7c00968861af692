using Wellmet.Customers.Contract;
using Wellmet.Demo.Contract;
using Wellmet.Demo.Loading;
using Wellmet.Platform.Access;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Demo.Removal;

/// <summary>What a removal works with.</summary>
public sealed record RemovalStores(StoredTables Tables, ICustomers Customers, LogHistory History, KeyStore Keys, IdentifierClaims Claims);

/// <summary>
/// Removes everything of the demo shop from every table that the schema knows, some at a time, so that no module can forget one. Twice: what a receiver, or somebody at
/// work, had in hand while the first sweep came by is written only then, so after the first sweep the receivers are waited for. Only the rows that say which subjects are
/// the demo shop's stay until the second. Interrupted, it is begun again: what is gone costs nothing.
/// </summary>
public sealed class RunRemoval(DemoLedger ledger, RemovalStores stores, CurrentActor actor)
{
    /// <summary>Bears the import id that tells the demo shop's subjects from the others.</summary>
    private const string Anchor = "customers_subjects";

    private const int Rows = 5_000;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private int Page => ledger.Database.Engine == Engine.Sqlite ? 100 : 1_000;

    /// <returns>False where there is nothing to remove, or somebody else removes it.</returns>
    public async Task<bool> RunAsync(IProgress<DemoShopState>? progress, CancellationToken ct)
    {
        actor.Demand(DemoPermissions.Manage);
        if (await ledger.ClaimAsync(DemoStage.Removing, ct) is not { } runner || await ledger.RowAsync(ct) is not { } row)
        {
            return false;
        }
        try
        {
            var sweep = new Sweep(row, runner, await stores.Tables.ReadAsync(ct), progress);
            await SweepSubjectsAsync(sweep, last: false, ct);
            await WaitForReceiversAsync(sweep, ct);
            await SweepSubjectsAsync(sweep, last: true, ct);
            await SweepTablesAsync(sweep, ct);
            await ForgetClaimsAsync(sweep, ct);
            await ledger.ForgetAsync(runner, ct);
        }
        catch (DemoLostException)
        {
            return false;
        }
        finally
        {
            await ledger.ReleaseAsync(runner, DemoStage.Removing, DemoStage.Removing, CancellationToken.None);
        }
        return true;
    }

    private async Task SweepSubjectsAsync(Sweep sweep, bool last, CancellationToken ct)
    {
        // The anchor last: until then it says whose the rows are.
        var tables = sweep.Tables.Where(t => IsOfSubjects(t) && t.Name != Anchor).Concat(sweep.Tables.Where(t => last && t.Name == Anchor)).ToList();
        var after = Guid.Empty;
        while (await stores.Customers.SubjectsOfImportAsync(sweep.Row.DemoId, after, Page, ct) is { Count: > 0 } subjects)
        {
            if (last)
            {
                // Before the rows that lead to them.
                await stores.Keys.DestroyAsync(subjects, ct);
            }
            await StepAsync(sweep, sweep.Done + (last ? 0 : subjects.Count), tx => StoredTables.DeleteAsync(tx, tables, subjects, ct), ct);
            after = subjects[^1];
        }
    }

    /// <summary>Tables that are spread otherwise go by the import or the storefront, where they name one: they need not be found by their subject.</summary>
    private static bool IsOfSubjects(StoredTable table) =>
        table.Class == TableClass.BySubject || (table.Columns.Contains("subject_id") && !table.Columns.Contains("import_id") && !table.Columns.Contains("storefront_id"));

    private async Task WaitForReceiversAsync(Sweep sweep, CancellationToken ct)
    {
        var heads = await stores.History.HeadsAsync(ct);
        while (!await stores.History.HaveAllSeenAsync(heads, ct))
        {
            await StepAsync(sweep, sweep.Done, _ => Task.CompletedTask, ct);
            await Task.Delay(Look, ct);
        }
    }

    /// <summary>What belongs to no subject: the storefront, its products, its roll-ups; and rows that came by another way.</summary>
    private async Task SweepTablesAsync(Sweep sweep, CancellationToken ct)
    {
        foreach (var column in new[] { "import_id", "storefront_id" })
        {
            foreach (var table in sweep.Tables.Where(t => t.Columns.Contains(column)))
            {
                var deleted = 0;
                do
                {
                    await StepAsync(sweep, sweep.Done, async tx => deleted = await table.DeleteSomeAsync(tx, column, sweep.Row.DemoId, Rows, ct), ct);
                }
                while (deleted > 0);
            }
        }
    }

    /// <summary>Claims whose rows a crash prevented.</summary>
    private async Task ForgetClaimsAsync(Sweep sweep, CancellationToken ct)
    {
        while (await stores.Claims.ClaimedByImportAsync(sweep.Row.DemoId, Page, ct) is { Count: > 0 } subjects)
        {
            await stores.Keys.DestroyAsync(subjects, ct);
        }
    }

    private async Task StepAsync(Sweep sweep, long done, Func<Transaction, Task> step, CancellationToken ct)
    {
        await ledger.Database.WriteAsync(async tx =>
        {
            await ledger.StepAsync(tx, sweep.Runner, DemoStage.Removing, done, ct);
            await step(tx);
        }, ct);
        sweep.Done = done;
        sweep.Progress?.Report(sweep.Row.State with { Done = done });
    }

    private sealed record Sweep(DemoRow Row, Guid Runner, IReadOnlyList<StoredTable> Tables, IProgress<DemoShopState>? Progress)
    {
        public long Done { get; set; }
    }
}
