using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wellmet.Platform;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Ui.Live;
using Wellmet.Segments.Members;

namespace Wellmet.Segments.Lists;

/// <summary>Writes those who wait to be put on lists, or taken off, to their histories, page by page; interrupted, it goes on where it stopped. They are told as the past: it fires nothing.</summary>
public sealed class FillLists(Database database, TellList tell, LiveTopics live)
{
    private const int Page = 200;

    /// <returns>How many were written.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        var lists = await database.ReadAsync(s => s.QueryAsync("select distinct w.segment_id from segments_waiting w join segments_segments s on s.segment_id = w.segment_id where s.state <> 'archived'", null, r => r.Guid(0), ct), ct);
        var written = 0;
        foreach (var list in lists)
        {
            while (await database.WriteUnflushedAsync(tx => PageAsync(tx, list, ct), ct) is > 0 and var page)
            {
                written += page;
                Changed();
            }
        }
        return written;
    }

    /// <summary>How many wait.</summary>
    public static Task<long> WaitingAsync(Session session, Guid listId, CancellationToken ct) => session.CountAsync("select count(*) from segments_waiting where segment_id = @listId", new { listId }, ct);

    /// <summary>Pages about segments look again.</summary>
    internal void Changed() => live.Publish(FillProgress.Topic);

    private async Task<int> PageAsync(Transaction tx, Guid listId, CancellationToken ct)
    {
        // Locked first, as an erasure begins with them: it waits for this page, and forgets what the page wrote.
        var waiting = await tx.QueryAsync($"select subject_id, listed, source, told_by from segments_waiting where segment_id = @listId order by subject_id limit @Page {tx.Pick("", "for update")}", new { listId, Page },
            r => (Subject: r.Guid(0), Saying: new ListSaying(r.Bool(1), r.Text(2), r.Text(3)) { Live = false }), ct);
        foreach (var said in waiting.GroupBy(w => w.Saying, w => w.Subject))
        {
            await tell.RunAsync(tx, listId, [.. said], said.Key, ct);
        }
        await tx.ExecuteAsync("delete from segments_waiting where segment_id = @listId and subject_id in @subjects", new { listId, subjects = waiting.Select(w => w.Subject) }, ct);
        return waiting.Count;
    }
}

/// <summary>Fills lists that were copied or made by a model.</summary>
public sealed class ListWorker(IServiceScopeFactory scopes, TimeProvider time, ILogger<ListWorker> logger) : RepeatedWork("filling lists", scopes, time, logger)
{
    protected override TimeSpan Pause => TimeSpan.FromMilliseconds(300);

    protected override async Task<TimeSpan> RunOnceAsync(IServiceProvider services, CancellationToken ct)
    {
        await services.GetRequiredService<FillLists>().RunAsync(ct);
        return Pause;
    }
}
