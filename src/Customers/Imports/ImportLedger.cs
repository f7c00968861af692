using System.Text.Json;
using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Imports;

/// <summary>
/// The rows of the imports. Who runs one holds it by a number of its own and a time that is moved on while it works; somebody whose time ran
/// out finds another number at the next checkpoint, and stops. One import or undo is at work at a time.
/// </summary>
public sealed class ImportLedger(Database database, TimeProvider time)
{
    private const int MostWaiting = 100;

    /// <summary>The state, where whoever was to stop the import is dead: then it has stopped.</summary>
    private const string StateNow = "case when state = 'cancelling' and (runner_until is null or runner_until <= @now) then 'cancelled' else state end";

    /// <summary>How long a silent runner is waited for.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromSeconds(5);

    public Database Database { get; } = database;
    public DateTimeOffset Now => time.GetUtcNow();

    public Task<Import?> FindAsync(Guid importId, CancellationToken ct) => Database.ReadAsync(s => s.FirstAsync(
        $"select {Import.Columns} from customers_imports where import_id = @importId", new { importId }, Import.Of, ct), ct);

    /// <exception cref="ProblemException"><c>import_unknown</c>.</exception>
    public async Task<Import> GetAsync(Guid importId, CancellationToken ct) =>
        await FindAsync(importId, ct) ?? throw new ProblemException("import_unknown", "There is no such import.", 404);

    /// <summary>The imports that wait for a server to run or undo them, the oldest first; none while any is at work.</summary>
    public Task<List<Import>> WaitingAsync(CancellationToken ct) => Database.ReadAsync(s => s.QueryAsync($"""
        select {Import.Columns} from customers_imports
        where ((file_id is not null and state in @runnable) or state = 'undoing')
          and not exists (select 1 from customers_imports other where other.runner is not null and other.runner_until > @now)
        order by import_id limit {MostWaiting}
        """, new { runnable = new[] { ImportState.Queued, ImportState.Running }, now = Now }, Import.Of, ct), ct);

    /// <summary>Changes the state where it is one of those expected; false where it is not.</summary>
    public Task<bool> MoveAsync(Guid importId, ImportState[] from, ImportState to, CancellationToken ct) => Database.WriteAsync(async tx =>
        await tx.ExecuteAsync($"update customers_imports set state = @to where import_id = @importId and {StateNow} in @from", new { importId, from, to, now = Now }, ct) > 0, ct);

    /// <summary>Stops an import: its runner at the end of the batch, or at once where none is alive.</summary>
    public Task StopAsync(Guid importId, CancellationToken ct) => Database.WriteAsync(tx => tx.ExecuteAsync("""
        update customers_imports set state = case when runner_until > @now then 'cancelling' else 'cancelled' end,
          runner = case when runner_until > @now then runner end, runner_until = case when runner_until > @now then runner_until end
        where import_id = @importId and state in ('mapping', 'queued', 'running', 'cancelling')
        """, new { importId, now = Now }, ct), ct);

    /// <summary>Imports that were to stop and whose runner died: they stand still, and only look as if they were stopping.</summary>
    public Task<List<Guid>> DeadAsync(CancellationToken ct) => Database.ReadAsync(s => s.QueryAsync(
        $"select import_id from customers_imports where state <> {StateNow}", new { now = Now }, r => r.Guid(0), ct), ct);

    /// <summary>Takes the import to work on it; null where another one is at work, here or elsewhere.</summary>
    public Task<Guid?> ClaimAsync(Guid importId, ImportState[] from, ImportState to, CancellationToken ct) => Database.WriteAsync<Guid?>(async tx =>
    {
        if (tx.Engine == Engine.Postgres)
        {
            await tx.ExecuteAsync("lock table customers_imports in share row exclusive mode", null, ct);
        }
        var runner = Id.New();
        var taken = await tx.ExecuteAsync($"""
            update customers_imports set state = @to, runner = @runner, runner_until = @until, started_at = @now, resumed_at = lines_done, finished_at = null, problem = null
            where import_id = @importId and {StateNow} in @from
              and not exists (select 1 from customers_imports other where other.runner is not null and other.runner_until > @now)
            """, new { importId, from, to, runner, now = Now, until = Now + Hold }, ct);
        return taken > 0 ? runner : null;
    }, ct);

    /// <summary>As <see cref="ClaimAsync"/>, waiting for a runner that may have died.</summary>
    /// <exception cref="ProblemException"><c>import_busy</c>, <c>import_not_ready</c>.</exception>
    public async Task<Guid> ClaimPatientlyAsync(Guid importId, ImportState[] from, ImportState to, CancellationToken ct)
    {
        for (var waited = TimeSpan.Zero; waited < 2 * Hold; waited += Hold / 20)
        {
            if (await ClaimAsync(importId, from, to, ct) is { } runner)
            {
                return runner;
            }
            if (await GetAsync(importId, ct) is { State: not ImportState.Cancelling } import && !from.Contains(import.State))
            {
                throw new ProblemException("import_not_ready", "This import cannot do that now: it is in the state '{0}'.", 409, EnumText.Of(import.State));
            }
            await Task.Delay(Hold / 20, time, ct);
        }
        throw new ProblemException("import_busy", "Another import is running. Wait until it is done, or cancel it.", 409);
    }

    /// <summary>Notes how far the import got, in the transaction of its rows; answers whether it may go on.</summary>
    /// <exception cref="ImportLostException">Somebody else runs it by now.</exception>
    internal async Task<bool> CheckpointAsync(Transaction tx, Checkpoint point, CancellationToken ct)
    {
        var state = await tx.FirstAsync("""
            update customers_imports set lines_done = @To, counts = @counts, runner_until = @until
            where import_id = @ImportId and runner = @Runner and lines_done = @From returning state
            """, new { point.ImportId, point.Runner, point.From, point.To, counts = new Json(JsonSerializer.Serialize(point.Counts)), until = Now + Hold },
            r => r.Text(0), ct) ?? throw new ImportLostException();
        return state == EnumText.Of(ImportState.Running);
    }

    /// <summary>Works on an import, and stays its runner however long a step takes.</summary>
    /// <exception cref="ImportLostException">Somebody else has it by now; the work was cancelled.</exception>
    internal async Task<T> HoldAsync<T>(Guid importId, Guid runner, Func<CancellationToken, Task<T>> work, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var renewing = RenewAsync(importId, runner, stop);
        try
        {
            return await work(stop.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new ImportLostException();
        }
        finally
        {
            await stop.CancelAsync();
            await renewing;
        }
    }

    private async Task RenewAsync(Guid importId, Guid runner, CancellationTokenSource stop)
    {
        var until = Now + Hold;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Hold / 4, time, stop.Token);
                await RenewAsync(importId, runner, stop.Token);
                until = Now + Hold;
            }
            catch (Exception e)
            {
                // A database that is away for a moment is asked again, for as long as nobody else can have taken the import.
                if (e is ImportLostException || Now >= until)
                {
                    await stop.CancelAsync();
                }
            }
        }
    }

    private Task RenewAsync(Guid importId, Guid runner, CancellationToken ct) => Database.WriteAsync(async tx =>
    {
        if (await tx.ExecuteAsync("update customers_imports set runner_until = @until where import_id = @importId and runner = @runner",
            new { importId, runner, until = Now + Hold }, ct) == 0)
        {
            throw new ImportLostException();
        }
    }, ct);

    /// <summary>Ends the run in a state; where it was lost to somebody else, nothing changes.</summary>
    public Task FinishAsync(Guid importId, Guid runner, ImportState state, string? problem, CancellationToken ct) => Database.WriteAsync(tx => tx.ExecuteAsync("""
        update customers_imports set state = @state, problem = @problem, runner = null, runner_until = null, finished_at = @now,
          lines_total = case when @complete then lines_done else lines_total end
        where import_id = @importId and runner = @runner
        """, new { importId, runner, state, problem, now = Now, complete = state == ImportState.Completed }, ct), ct);

    /// <summary>Gives the import back as it is, for the next start to go on with.</summary>
    public Task ReleaseAsync(Guid importId, Guid runner, CancellationToken ct) => Database.WriteAsync(tx => tx.ExecuteAsync(
        "update customers_imports set runner = null, runner_until = null where import_id = @importId and runner = @runner", new { importId, runner }, ct), ct);
}

/// <summary>From which line to which line the transaction brought the import.</summary>
internal sealed record Checkpoint(Guid ImportId, Guid Runner, long From, long To, IReadOnlyDictionary<string, long> Counts);

/// <summary>Another process took the import over while this one was silent.</summary>
internal sealed class ImportLostException() : Exception("Another process has taken over this import.");
