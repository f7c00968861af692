using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Customers.Imports.Reading;
using Wellmet.Platform;
using Wellmet.Platform.Access;

namespace Wellmet.Customers.Imports;

/// <summary>Which import, and where its lines come from.</summary>
/// <param name="Progress">Told after each batch; null where nobody looks.</param>
public sealed record RunImportRequest(Guid ImportId, ImportSource Source, IProgress<ImportProgress>? Progress = null);

/// <summary>What a run works with.</summary>
public sealed record ImportStores(ImportRemarks Remarks, ImportFiles Files, SubjectVault Vault);

/// <summary>
/// Runs an import from where it stands to its end. Ends early when it is cancelled; a fault is kept with it, and it can go on from there.
/// </summary>
public sealed class RunImport(ImportLedger ledger, ImportTargets targets, ImportStores stores, CurrentActor actor)
{
    private const int SqliteConstraint = 19, Attempts = 3;

    public static readonly ImportState[] CanRun = [ImportState.Queued, ImportState.Running, ImportState.Cancelled, ImportState.Failed];

    /// <exception cref="ProblemException"><c>import_busy</c>, <c>import_not_ready</c>, or what stopped it.</exception>
    public async Task<Import> RunAsync(RunImportRequest request, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Import);
        var runner = await ledger.ClaimPatientlyAsync(request.ImportId, CanRun, ImportState.Running, ct);
        try
        {
            var ended = await ledger.HoldAsync(request.ImportId, runner, held => PassAsync(request, runner, held), ct);
            await ledger.FinishAsync(request.ImportId, runner, ended, problem: null, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await ledger.ReleaseAsync(request.ImportId, runner, CancellationToken.None);
            throw;
        }
        catch (Exception e) when (e is not ImportLostException)
        {
            await ledger.FinishAsync(request.ImportId, runner, ImportState.Failed, e is ProblemException ? e.Message : $"{e.GetType().Name}: {e.Message}", CancellationToken.None);
            throw;
        }
        var import = await ledger.GetAsync(request.ImportId, ct);
        if (import.State == ImportState.Completed)
        {
            await stores.Files.DropAsync(import, ct);
            import = import with { FileId = null };
        }
        request.Progress?.Report(import.Progress(ledger.Now));
        return import;
    }

    /// <summary>Where somebody else wrote what a batch was about to write, the pass is begun again from the checkpoint.</summary>
    private async Task<ImportState> PassAsync(RunImportRequest request, Guid runner, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var import = await ledger.GetAsync(request.ImportId, ct);
            var pass = new ImportPass(ledger, stores.Remarks, targets.Named(import.Layout), request, runner);
            try
            {
                var ended = await pass.RunAsync(import, ct);
                await stores.Vault.CompleteAsync(ct);
                return ended;
            }
            catch (DbException e) when (attempt < Attempts && IsTaken(e))
            {
                await Task.Yield();
            }
        }
    }

    private static bool IsTaken(DbException e) =>
        e is SqliteException { SqliteErrorCode: SqliteConstraint } or PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };
}
