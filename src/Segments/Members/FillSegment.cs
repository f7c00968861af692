using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wellmet.Platform.Modules;
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
    private int Page => database.Engine == Engine.Sqlite ? 5_000 : 100_000;

    /// <returns>How many belong; null where the segment was changed again, or somebody else fills it.</returns>
    public async Task<long?> RunAsync(Guid segmentId, CancellationToken ct)
    {
        var fill = await database.ReadAsync(s => s.CountAsync("select fill from segments_segments where segment_id = @segmentId", new { segmentId }, ct), ct);
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
            await database.WriteUnflushedAsync(tx => PutOffAsync(tx, page, ct), ct);
        }
        foreach (var page in again.Chunk(200))
        {
            await database.WriteUnflushedAsync(tx => AgainAsync(tx, segment, page, ct), ct);
        }
        return await database.WriteAsync(async tx =>
        {
            var done = await tx.ExecuteAsync("update segments_segments set state = 'live', filled_at = @now, asked = @Asked where segment_id = @segmentId and fill = @fill and state = 'filling'", new { now = time.GetUtcNow(), segmentId, fill, answers.Asked }, ct);
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
        if (tx.Engine == Engine.Postgres)
        {
            return await CopyAsync(tx, segmentId, page, now, ct);
        }
        var unchanged = await UnchangedAsync(tx, segmentId, page, ct);
        await JudgeCustomers.Members.RunAsync(tx, [.. unchanged.Where(u => !u.Value).Select(u => new Membership(u.Key, segmentId, now))], ct);
        return [.. page.Select(r => r.CustomerId).Where(c => !unchanged.ContainsKey(c))];
    }

    private static readonly BulkInsert<Read> Asked = new("segments_asked", new("subject_id", typeof(Guid), r => r.CustomerId), new("revised", typeof(long), r => r.Revised));

    /// <summary>Likewise, compared within the server: hundreds of thousands in a second or two.</summary>
    private static async Task<List<Guid>> CopyAsync(Transaction tx, Guid segmentId, Read[] page, DateTimeOffset now, CancellationToken ct)
    {
        await tx.ExecuteAsync("create temporary table segments_asked (subject_id uuid not null, revised bigint not null) on commit drop", null, ct);
        await Asked.RunAsync(tx, page, ct);
        await LockAsync(tx, ct);
        await tx.ExecuteAsync("""
            insert into segments_members (subject_id, segment_id, entered_at) select a.subject_id, @segmentId, @now from segments_asked a join segments_histories h on h.subject_id = a.subject_id
            where h.revised = a.revised and h.customer_id = h.subject_id on conflict do nothing
            """, new { segmentId, now }, ct);
        return await tx.QueryAsync("select a.subject_id from segments_asked a left join segments_members m on m.subject_id = a.subject_id and m.segment_id = @segmentId where m.subject_id is null", new { segmentId }, r => r.Guid(0), ct);
    }

    /// <summary>Nobody is judged until the transaction ends: it holds alone the lock that all who judge share, which is quicker than a lock for each customer.</summary>
    private static Task LockAsync(Transaction tx, CancellationToken ct) => tx.CountAsync($"select value from segments_counters where name = 'definitions' {tx.Pick("", "for update")}", null, ct);

    private static async Task<List<Guid>> LeaveAsync(Transaction tx, Guid segmentId, Read[] page, Dictionary<Guid, DateTimeOffset> standing, DateTimeOffset now, CancellationToken ct)
    {
        var unchanged = await UnchangedAsync(tx, segmentId, page, ct);
        await JudgeCustomers.LeaveAsync(tx, [.. unchanged.Where(u => u.Value).Select(u => (new Membership(u.Key, segmentId, standing[u.Key]), now, ChangeReason.Rule))], ct);
        return [.. page.Select(r => r.CustomerId).Where(c => !unchanged.ContainsKey(c))];
    }

    /// <summary>Those who were not revised since, and whether they belong already.</summary>
    private static async Task<Dictionary<Guid, bool>> UnchangedAsync(Transaction tx, Guid segmentId, Read[] page, CancellationToken ct)
    {
        await LockAsync(tx, ct);
        var read = page.ToDictionary(r => r.CustomerId, r => r.Revised);
        var found = new Dictionary<Guid, bool>();
        foreach (var some in page.Chunk(5_000))
        {
            foreach (var (customer, revised, belongs) in await tx.QueryAsync("""
                select h.subject_id, h.revised, case when m.subject_id is null then 0 else 1 end from segments_histories h left join segments_members m on m.subject_id = h.subject_id and m.segment_id = @segmentId
                where h.subject_id in @customers and h.customer_id = h.subject_id
                """, new { segmentId, customers = some.Select(r => r.CustomerId) }, r => (r.Guid(0), r.Long(1), r.Long(2) == 1), ct))
            {
                if (revised == read[customer])
                {
                    found[customer] = belongs;
                }
            }
        }
        return found;
    }

    private static readonly BulkInsert<(Guid CustomerId, DateTimeOffset At)> Later = new("segments_later", new("subject_id", typeof(Guid), d => d.CustomerId), new("due_at", typeof(DateTimeOffset), d => d.At));

    /// <summary>When time alone may change it; who is to be looked at sooner already, is.</summary>
    private static async Task PutOffAsync(Transaction tx, (Guid CustomerId, DateTimeOffset At)[] page, CancellationToken ct)
    {
        if (tx.Engine == Engine.Sqlite)
        {
            await JudgeCustomers.Due.RunAsync(tx, page, ct);
            return;
        }
        await tx.ExecuteAsync("create temporary table segments_later (subject_id uuid not null, due_at timestamptz not null) on commit drop", null, ct);
        await Later.RunAsync(tx, page, ct);
        // In one order, as two who put off the same customers would wait for each other.
        await LockAsync(tx, ct);
        await tx.ExecuteAsync("""
            insert into segments_due (subject_id, due_at) select subject_id, due_at from segments_later where true on conflict (subject_id) do update set due_at = excluded.due_at where excluded.due_at < segments_due.due_at
            """, null, ct);
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
public sealed class FillWorker(IServiceScopeFactory scopes, Database database, TimeProvider time, ILogger<FillWorker> logger) : RepeatedWork("filling segments", scopes, time, logger)
{
    protected override TimeSpan Pause => TimeSpan.FromMilliseconds(300);

    protected override async Task<TimeSpan> RunOnceAsync(IServiceProvider services, CancellationToken ct)
    {
        foreach (var segment in await database.ReadAsync(s => s.QueryAsync("select segment_id from segments_segments where state = 'filling'", null, r => r.Guid(0), ct), ct))
        {
            await services.GetRequiredService<FillSegment>().RunAsync(segment, ct);
        }
        return Pause;
    }
}
