using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Ui.Live;
using Wellmet.Segments.Histories;
using Wellmet.Segments.Rules;

namespace Wellmet.Segments.Members;

/// <summary>
/// Asks a segment's new rule of everybody. What happens meanwhile is judged by the new rule at once, so what is read here may be older than what was judged: a membership is written only
/// where the customer was not revised since it was read, and who was, is judged anew.
/// </summary>
public sealed class FillSegment(Database database, HistoryStore store, Vocabulary vocabulary, SegmentBook book, JudgeCustomers judge, FillProgress progress, TimeProvider time)
{
    private int Page => database.Engine == Engine.Sqlite ? 5_000 : 50_000;

    /// <returns>How many belong; null where the segment was changed again, or somebody else fills it.</returns>
    public async Task<long?> RunAsync(Guid segmentId, CancellationToken ct)
    {
        var opened = await book.OpenAsync(ct);
        if (opened.Segments.FirstOrDefault(s => s.SegmentId == segmentId) is not { State: SegmentState.Filling } segment)
        {
            return null;
        }
        using var shown = progress.Begin(segmentId, await database.ReadAsync(s => s.CountAsync("select count(*) from segments_histories", null, ct), ct));
        var standing = await StandingAsync(segmentId, ct);
        var answers = await AskAsync(segment, standing, shown, ct);
        var again = new List<Guid>();
        var now = time.GetUtcNow();
        foreach (var page in answers.Enter.Chunk(Page))
        {
            again.AddRange(await database.WriteUnflushedAsync(tx => EnterAsync(tx, segmentId, page, now, ct), ct));
        }
        foreach (var page in answers.Leave.Chunk(Page))
        {
            again.AddRange(await database.WriteUnflushedAsync(tx => LeaveAsync(tx, segmentId, page, standing, now, ct), ct));
        }
        foreach (var page in answers.Due.Chunk(Page))
        {
            await database.WriteUnflushedAsync(tx => JudgeCustomers.Due.RunAsync(tx, page, ct), ct);
        }
        foreach (var page in again.Chunk(200))
        {
            await database.WriteUnflushedAsync(tx => AgainAsync(tx, segment, page, ct), ct);
        }
        return await database.WriteAsync(async tx =>
        {
            var done = await tx.ExecuteAsync("update segments_segments set state = 'live', filled_at = @now, asked = @Asked where segment_id = @segmentId and version = @Version and state = 'filling'", new { now = time.GetUtcNow(), segmentId, segment.Version, answers.Asked }, ct);
            await SegmentBook.ChangedAsync(tx, ct);
            return done == 0 ? null : (long?)await tx.CountAsync("select count(*) from segments_members where segment_id = @segmentId", new { segmentId }, ct);
        }, ct);
    }

    /// <summary>Somebody whose row said something when it was read.</summary>
    private readonly record struct Read(Guid CustomerId, long Revised);

    private sealed record Answers(List<Read> Enter, List<Read> Leave, List<(Guid CustomerId, DateTimeOffset At)> Due)
    {
        public long Asked { get; set; }
    }

    private async Task<Dictionary<Guid, DateTimeOffset>> StandingAsync(Guid segmentId, CancellationToken ct) => (await database.ReadAsync(s => s.QueryAsync(
        "select subject_id, entered_at from segments_members where segment_id = @segmentId", new { segmentId }, r => (r.Guid(0), r.Time(1)), ct), ct)).ToDictionary(m => m.Item1, m => m.Item2);

    /// <summary>Reads everybody once, one row after the other; those with several subjects wait until all of theirs were read.</summary>
    private async Task<Answers> AskAsync(LiveSegment segment, Dictionary<Guid, DateTimeOffset> standing, FillProgress.Shown shown, CancellationToken ct)
    {
        var several = (await database.ReadAsync(s => s.QueryAsync("select distinct customer_id from segments_histories where customer_id <> subject_id", null, r => r.Guid(0), ct), ct))
            .ToDictionary(c => c, _ => new List<StoredHistory>());
        var answers = new Answers([], [], []);
        var moment = new Moment { Now = Fact.Milliseconds(time.GetUtcNow()) };
        var single = new byte[1][];
        void Ask(Guid customer, long revised, IReadOnlyList<byte[]> histories)
        {
            moment.Histories = histories;
            answers.Asked += segment.People.Ask(moment).Holds ? 1 : 0;
            var verdict = segment.Rule.Ask(moment);
            if (verdict.Holds != standing.ContainsKey(customer))
            {
                (verdict.Holds ? answers.Enter : answers.Leave).Add(new Read(customer, revised));
            }
            if (verdict.ChangesAt is not (Verdict.Never or long.MinValue))
            {
                answers.Due.Add((customer, Fact.Time(verdict.ChangesAt)));
            }
        }
        await database.ReadAsync(session => vocabulary.ReadAsync(session, ct), ct);
        await database.ReadAsync(session => session.ForEachAsync("select subject_id, customer_id, revised, facts from segments_histories", null, row =>
        {
            ct.ThrowIfCancellationRequested();
            var history = HistoryStore.Read(row);
            shown.Done++;
            if (several.TryGetValue(history.CustomerId, out var set))
            {
                set.Add(history);
            }
            else
            {
                single[0] = history.Facts;
                Ask(history.CustomerId, history.Revised, single);
            }
        }, ct), ct);
        foreach (var (customer, set) in several)
        {
            Ask(customer, set.Find(h => h.SubjectId == customer)?.Revised ?? 0, set.ConvertAll(h => h.Facts));
        }
        return answers;
    }

    /// <returns>Those who were revised since they were read.</returns>
    private static async Task<List<Guid>> EnterAsync(Transaction tx, Guid segmentId, Read[] page, DateTimeOffset now, CancellationToken ct)
    {
        var unchanged = await UnchangedAsync(tx, page, ct);
        await JudgeCustomers.Members.RunAsync(tx, [.. page.Where(r => unchanged.Contains(r.CustomerId)).Select(r => new Membership(r.CustomerId, segmentId, now))], ct);
        return [.. page.Select(r => r.CustomerId).Where(c => !unchanged.Contains(c))];
    }

    private static async Task<List<Guid>> LeaveAsync(Transaction tx, Guid segmentId, Read[] page, Dictionary<Guid, DateTimeOffset> standing, DateTimeOffset now, CancellationToken ct)
    {
        var unchanged = await UnchangedAsync(tx, page, ct);
        foreach (var some in unchanged.Chunk(5_000))
        {
            await JudgeCustomers.LeaveAsync(tx, [.. some.Select(c => (new Membership(c, segmentId, standing[c]), now, ChangeReason.Rule))], ct);
        }
        return [.. page.Select(r => r.CustomerId).Where(c => !unchanged.Contains(c))];
    }

    /// <summary>Those who were not revised since, who stay so until the transaction ends.</summary>
    private static async Task<HashSet<Guid>> UnchangedAsync(Transaction tx, Read[] page, CancellationToken ct)
    {
        var read = page.ToDictionary(r => r.CustomerId, r => r.Revised);
        var found = new HashSet<Guid>();
        foreach (var some in page.Chunk(5_000))
        {
            found.UnionWith((await tx.QueryAsync($"select subject_id, customer_id, revised from segments_histories where subject_id in @customers {tx.Pick("", "order by subject_id for share")}", new { customers = some.Select(r => r.CustomerId) },
                r => (Subject: r.Guid(0), Customer: r.Guid(1), Revised: r.Long(2)), ct)).Where(h => h.Customer == h.Subject && h.Revised == read[h.Subject]).Select(h => h.Subject));
        }
        return found;
    }

    private async Task AgainAsync(Transaction tx, LiveSegment segment, Guid[] customers, CancellationToken ct)
    {
        await book.OpenAsync(tx, ct);
        var sets = (await store.OpenAsync(tx, customers, whole: true, ct)).Values.ToLookup(h => h.CustomerId, h => h.Facts);
        await judge.RunAsync(tx, [.. sets.Select(s => new JudgedCustomer(s.Key, [.. s], [segment], ChangeReason.Rule, Live: false))], ct);
    }
}

/// <summary>How far the segments are that are being filled, in this process.</summary>
public sealed class FillProgress(LiveTopics live)
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<Guid, Shown> running = new();

    /// <summary>What pages about segments listen to.</summary>
    public const string Topic = "segments";

    public Shown? Of(Guid segment) => running.GetValueOrDefault(segment);

    internal Shown Begin(Guid segment, long total)
    {
        var shown = new Shown(total, () =>
        {
            running.TryRemove(segment, out _);
            live.Publish(Topic);
        }, () => live.Publish(Topic));
        return running[segment] = shown;
    }

    /// <param name="total">Histories to read.</param>
    public sealed class Shown(long total, Action end, Action step) : IDisposable
    {
        private long done;

        public long Total { get; } = total;

        public long Done
        {
            get => done;
            internal set
            {
                done = value;
                if (done % 20_000 == 0)
                {
                    step();
                }
            }
        }

        public void Dispose() => end();
    }
}

/// <summary>Fills the segments that wait for it, one after the other.</summary>
public sealed class FillWorker(IServiceScopeFactory scopes, Database database, TimeProvider time, ILogger<FillWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(300);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                foreach (var segment in await database.ReadAsync(s => s.QueryAsync("select segment_id from segments_segments where state = 'filling'", null, r => r.Guid(0), stoppingToken), stoppingToken))
                {
                    await using var scope = scopes.CreateAsyncScope();
                    scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = Actor.System;
                    await scope.ServiceProvider.GetRequiredService<FillSegment>().RunAsync(segment, stoppingToken);
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.LogError(e, "Could not fill a segment; trying again");
            }
            await Task.Delay(Poll, time, stoppingToken);
        }
    }
}
