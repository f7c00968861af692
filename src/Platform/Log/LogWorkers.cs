using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Log;

/// <summary>
/// Keeps the leases alive and runs one worker for each receiver. They take turns of one batch, in the order in which they come: one processor stays for requests,
/// whose events would otherwise wait while a wave of them is delivered to every receiver at once.
/// </summary>
public sealed class LogWorkers(ModuleCatalog catalog, LogReader reader, Parking parking, Leases leases, LogRun run) : BackgroundService
{
    private readonly SemaphoreSlim turns = new(Math.Max(1, Environment.ProcessorCount - 1));

    public override void Dispose()
    {
        turns.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(catalog.Receivers
                .Select(r => RunAsync(new ReceiverWorker(r, reader, parking, leases, run), stoppingToken))
                .Prepend(RenewAsync(stoppingToken)));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await run.TryAsync("give the leases back", () => leases.ReleaseAsync(patience.Token));
    }

    private async Task RenewAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            await run.TryAsync("renew the leases", () => leases.RenewAsync(ct));
            await Task.Delay(run.Options.Renewal, run.Time, ct);
        }
    }

    /// <summary>What is for others needs no hurry: one look serves all that was told meanwhile.</summary>
    private async Task LaterAsync(Task anything, CancellationToken ct)
    {
        await anything.WaitAsync(ct);
        await Task.Delay(run.Options.Linger, run.Time, ct);
    }

    private async Task<Delivered> InTurnAsync(ReceiverWorker worker, CancellationToken ct)
    {
        await turns.WaitAsync(ct);
        try
        {
            return await worker.RunOnceAsync(ct);
        }
        finally
        {
            turns.Release();
        }
    }

    private async Task RunAsync(ReceiverWorker worker, CancellationToken ct)
    {
        var signal = run.Signal.Listen(worker.Accepts);
        while (!ct.IsCancellationRequested)
        {
            var (wanted, anything) = (signal.Wanted, signal.Anything);
            var delivered = Delivered.Nothing;
            await run.TryAsync("deliver events", async () => delivered = await InTurnAsync(worker, ct));
            if (delivered == Delivered.All)
            {
                // Not on SQLite: a longer transaction of a receiver would hold the only writer for longer, and requests wait for it.
                await Task.Delay(reader.Database.Engine == Engine.Sqlite ? TimeSpan.Zero : run.Options.Rest, run.Time, ct);
            }
            else if (delivered == Delivered.Nothing)
            {
                await Task.WhenAny(wanted, LaterAsync(anything, ct), Task.Delay(run.Options.Poll, run.Time, ct));
                ct.ThrowIfCancellationRequested();
            }
        }
    }
}

/// <summary>What every worker of the log needs to run.</summary>
public sealed record LogRun(LogOptions Options, LogSignal Signal, TimeProvider Time, IServiceScopeFactory Scopes, ILogger<LogWorkers> Logger)
{
    /// <summary>A fault of the database must not end a worker: it is logged and tried again after a pause.</summary>
    internal async Task TryAsync(string what, Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Logger.LogError(e, "Could not {What}; trying again", what);
            await Task.Delay(TimeSpan.FromSeconds(1), Time);
        }
    }
}
