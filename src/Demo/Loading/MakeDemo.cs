using Wellmet.Demo.Contract;
using Wellmet.Demo.Generator;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;

namespace Wellmet.Demo.Loading;

/// <summary>
/// Makes the demo shop from where it stands to its end: while one batch is written, the keys of the next are made. Every batch moves the checkpoint in its own transaction, so
/// that a process that dies loses nothing and leaves nothing half done.
/// </summary>
public sealed class MakeDemo(DemoLedger ledger, DemoPeople people, IEnumerable<IDemoPart> parts, CurrentActor actor)
{
    /// <summary>SQLite has one writer, for whom others wait; a page must not wait for long.</summary>
    private int BatchSize => ledger.Database.Engine == Engine.Sqlite ? 200 : 2_000;

    /// <returns>False where there is nothing to make, or somebody else makes it.</returns>
    /// <exception cref="ProblemException">What keeps it from being made.</exception>
    public async Task<bool> RunAsync(IProgress<DemoShopState>? progress, CancellationToken ct)
    {
        actor.Demand(DemoPermissions.Manage);
        if (await ledger.ClaimAsync(DemoStage.Making, ct) is not { } runner || await ledger.RowAsync(ct) is not { } row)
        {
            return false;
        }
        var next = DemoStage.Making;
        try
        {
            await LoadAsync(row, runner, progress, ct);
            next = DemoStage.Ready;
        }
        catch (DemoLostException)
        {
            return false;
        }
        finally
        {
            await ledger.ReleaseAsync(runner, DemoStage.Making, next, CancellationToken.None);
        }
        progress?.Report(row.State with { Stage = next, Done = row.Plan.Customers });
        return true;
    }

    private async Task LoadAsync(DemoRow row, Guid runner, IProgress<DemoShopState>? progress, CancellationToken ct)
    {
        if (row.Done == 0)
        {
            await ledger.Database.WriteAsync(tx => BeginAsync(tx, row, runner, ct), ct);
        }
        var preparing = PrepareAsync(row, row.Done, ct);
        try
        {
            for (var done = row.Done; await preparing is { Batch.People.Count: > 0 and var count } batch; done += count)
            {
                preparing = PrepareAsync(row, done + count, ct);
                await ledger.Database.WriteAsync(tx => WriteAsync(tx, batch, runner, done + count, ct), ct);
                progress?.Report(row.State with { Done = done + count });
            }
        }
        finally
        {
            // Nothing may reach the key store once this is given back.
            await preparing.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
        foreach (var part in parts)
        {
            await part.CompleteAsync(row.DemoId, ct);
        }
    }

    private async Task BeginAsync(Transaction tx, DemoRow row, Guid runner, CancellationToken ct)
    {
        await ledger.StepAsync(tx, runner, DemoStage.Making, 0, ct);
        foreach (var part in parts)
        {
            await part.BeginAsync(tx, row.DemoId, Catalogue.Products, row.Plan.Start, ct);
        }
    }

    private Task<PreparedBatch> PrepareAsync(DemoRow row, long done, CancellationToken ct) => Task.Run(async () =>
    {
        var prepared = await people.PrepareAsync(row.DemoId, [.. new DemoGenerator(row.Plan).Shoppers((int)done, BatchSize)], ct);
        foreach (var part in parts)
        {
            prepared.Parts.Add(await part.PrepareAsync(prepared.Batch, ct));
        }
        return prepared;
    }, ct);

    private async Task WriteAsync(Transaction tx, PreparedBatch prepared, Guid runner, long done, CancellationToken ct)
    {
        await ledger.StepAsync(tx, runner, DemoStage.Making, done, ct);
        await people.WriteAsync(tx, prepared, ct);
        foreach (var write in prepared.Parts)
        {
            await write(tx, ct);
        }
    }
}
