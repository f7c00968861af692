using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Ui.Live;

namespace Wellmet.Customers.Imports;

/// <summary>
/// Runs uploaded imports and undoes in the server's process, one after the other, the oldest first; also those that an earlier process left
/// unfinished. Files of the command line are not ours to run: whoever brought one holds it. Where nodes do not share the folder of files,
/// the node runs an upload that has it.
/// </summary>
public sealed class ImportWorker(IServiceScopeFactory scopes, ImportWork work, TimeProvider time, ILogger<ImportWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var wake = work.News.NextWork;
            try
            {
                await SettleAsync(stoppingToken);
                if (await NextAsync(stoppingToken) is { } import)
                {
                    await WorkAsync(import, stoppingToken);
                    continue;
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // What stopped an import is kept with it; here it only must not stop the next one.
                logger.LogWarning(e, "An import stopped");
            }
            await Task.WhenAny(wake, Task.Delay(Poll, time, stoppingToken));
        }
    }

    private async Task SettleAsync(CancellationToken ct)
    {
        foreach (var importId in await work.Ledger.DeadAsync(ct))
        {
            await work.Ledger.MoveAsync(importId, [ImportState.Cancelled], ImportState.Cancelled, ct);
            work.News.Changed(importId);
        }
    }

    private async Task<Import?> NextAsync(CancellationToken ct)
    {
        foreach (var import in await work.Ledger.WaitingAsync(ct))
        {
            if (import.State == ImportState.Undoing || await work.Files.AreHereAsync(import, ct))
            {
                return import;
            }
        }
        return null;
    }

    private async Task WorkAsync(Import import, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = Actor.System;
        try
        {
            if (import.State == ImportState.Undoing)
            {
                await scope.ServiceProvider.GetRequiredService<RunUndo>().RunAsync(import.ImportId, ct);
            }
            else
            {
                var source = work.Files.SourceOf(import.FileId!.Value);
                await scope.ServiceProvider.GetRequiredService<RunImport>().RunAsync(new RunImportRequest(import.ImportId, source, work.News), ct);
            }
        }
        finally
        {
            work.News.Changed(import.ImportId);
        }
    }
}

/// <summary>What the worker works with.</summary>
public sealed record ImportWork(ImportLedger Ledger, ImportFiles Files, ImportNews News);

/// <summary>Tells open pages how an import goes, and the worker that there is something to do.</summary>
/// <param name="live">Null where no pages are served.</param>
public sealed class ImportNews(LiveTopics? live) : IProgress<ImportProgress>
{
    private TaskCompletionSource work = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task NextWork => Volatile.Read(ref work).Task;

    public static string TopicOf(Guid importId) => $"import:{importId}";

    public static string StateTopicOf(Guid importId) => $"import:{importId}:state";

    /// <summary>Some lines more.</summary>
    public void Report(ImportProgress value) => live?.Publish(TopicOf(value.ImportId));

    /// <summary>It stopped, ended or was undone.</summary>
    public void Changed(Guid importId)
    {
        live?.Publish(TopicOf(importId));
        live?.Publish(StateTopicOf(importId));
    }

    /// <summary>Something was queued.</summary>
    public void Wake() =>
        Interlocked.Exchange(ref work, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
