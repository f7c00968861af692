using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Imports;

/// <summary>Asks for an import to be taken back; <see cref="RunUndo"/> does it.</summary>
public sealed class UndoImport(ImportLedger ledger, ImportTargets targets, ImportNews news, AuditLog audit, CurrentActor actor)
{
    private static readonly ImportState[] CanUndo = [ImportState.Completed, ImportState.Cancelled, ImportState.Failed, ImportState.Queued, ImportState.Mapping];

    /// <exception cref="ProblemException"><c>import_unknown</c>, <c>import_not_ready</c>, or what keeps the target from it.</exception>
    public async Task RunAsync(Guid importId, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Import);
        var import = await ledger.GetAsync(importId, ct);
        if (import.State == ImportState.Undoing)
        {
            return;
        }
        await targets.Named(import.Layout).DemandUndoableAsync(importId, ct);
        if (!await ledger.MoveAsync(importId, CanUndo, ImportState.Undoing, ct))
        {
            throw new ProblemException("import_not_ready", "This import cannot do that now: it is in the state '{0}'.", 409, EnumText.Of(import.State));
        }
        await ledger.Database.WriteAsync(tx => audit.RecordAsync(tx, "import.undone", $"import:{importId}", reason: null, ct), ct);
        news.Wake();
    }
}

/// <summary>What an undo works with.</summary>
public sealed record UndoStores(LogHistory History, ICustomers Customers, ImportRemarks Remarks, ImportFiles Files);

/// <summary>
/// Removes every row that an import added, a bounded number in each transaction, once every receiver has seen the import's events: then
/// nothing of them is still on its way. Interrupted, it goes on where it stopped. Tells <see cref="ImportUndone"/> at the end.
/// </summary>
public sealed class RunUndo(ImportLedger ledger, ImportTargets targets, UndoStores stores, CurrentActor actor)
{
    private const int Rows = 1000;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <exception cref="ProblemException"><c>import_busy</c>, <c>import_not_ready</c>.</exception>
    public async Task RunAsync(Guid importId, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Import);
        var runner = await ledger.ClaimPatientlyAsync(importId, [ImportState.Undoing], ImportState.Undoing, ct);
        try
        {
            var import = await ledger.GetAsync(importId, ct);
            await ledger.HoldAsync(importId, runner, async held => { await UndoAsync(import, held); return true; }, ct);
            await ledger.FinishAsync(importId, runner, ImportState.Undone, problem: null, ct);
        }
        catch (Exception e) when (e is not ImportLostException)
        {
            await ledger.ReleaseAsync(importId, runner, CancellationToken.None);
            throw;
        }
    }

    private async Task UndoAsync(Import import, CancellationToken ct)
    {
        await WaitForReceiversAsync(ct);
        var target = targets.Named(import.Layout);
        await RepeatAsync(async tx => !await target.UndoSomeAsync(tx, import.ImportId, ct), ct);
        await RepeatAsync(async tx => await LogHistory.ForgetSomeAsync(tx, import.ImportId, Rows, ct) > 0, ct);
        while (!await stores.Customers.UndoImportAsync(import.ImportId, ct))
        {
            // A page at each call.
        }
        await RepeatAsync(async tx => await ImportRemarks.ForgetSomeAsync(tx, import.ImportId, Rows, ct) > 0, ct);
        await stores.Remarks.ForgetKeyAsync(import.ImportId, ct);
        await stores.Files.DropAsync(import, ct);
        await ledger.Database.WriteAsync(tx => { tx.Append(new ImportUndone(import.ImportId, ledger.Now)); return Task.CompletedTask; }, ct);
    }

    private async Task WaitForReceiversAsync(CancellationToken ct)
    {
        var heads = await stores.History.HeadsAsync(ct);
        while (!await stores.History.HaveAllSeenAsync(heads, ct))
        {
            await Task.Delay(Look, ct);
        }
    }

    private async Task RepeatAsync(Func<Transaction, Task<bool>> removeSome, CancellationToken ct)
    {
        while (await ledger.Database.WriteAsync(removeSome, ct))
        {
            // Until nothing is left.
        }
    }
}
