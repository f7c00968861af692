using System.Globalization;
using System.Text.Json;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Log;

/// <summary>What a receiver has not seen of a partition, after <paramref name="From"/> up to and including <paramref name="To"/>.</summary>
internal sealed record LogSlice(int Partition, long From, long To, IReadOnlyList<Delivery> Deliveries);

/// <summary>Reads the log by partition for the receivers, and by subject for the timeline.</summary>
public sealed class LogReader(Database database, EventTypes types, RecentEvents recent, LogOptions options)
{
    /// <summary>Joined so that each engine goes along the index of each partition, with statistics of the table or without.</summary>
    private const string Range = """e.partition = b.partition and e.seq > b."from" and e.seq <= b."to" and e.type in @wanted""";

    internal Database Database => database;

    internal string[] TypeNames(IEnumerable<Type> accepted) => [.. accepted.Select(types.NameOf)];

    /// <summary>
    /// One batch over the partitions that are behind: from memory what this process told lately, the rest in one statement however many partitions they are. At most a few batches' worth of the log is
    /// looked through, so that neither a long backlog nor a receiver that wants little of it makes the statement long.
    /// </summary>
    internal Task<List<LogSlice>> ReadAsync(string[] wanted, Dictionary<int, long> cursors, CancellationToken ct) => database.ReadAsync(async session =>
    {
        var ends = recent.Ends();
        var heads = await session.QueryAsync("select partition, head from log_partitions", null, r => (Partition: r.Int(0), Head: r.Long(1)), ct);
        foreach (var (partition, _) in heads.Where(h => h.Head < ends.GetValueOrDefault(h.Partition)))
        {
            recent.Forget(partition);
        }
        var ranges = RangesOf(heads.Where(h => cursors.TryGetValue(h.Partition, out var cursor) && cursor < h.Head).Select(h => (h.Partition, From: cursors[h.Partition], h.Head)));
        if (ranges.Count == 0)
        {
            return [];
        }
        var unknown = new List<(int Partition, long From, long To)>();
        var known = new List<Delivery>();
        foreach (var range in ranges)
        {
            if (recent.Of(range.Partition, range.From, range.To, wanted) is { } told)
            {
                known.AddRange(told);
            }
            else
            {
                unknown.Add(range);
            }
        }
        var read = unknown.Count == 0 ? [] : await session.QueryAsync($"""
            with behind (partition, "from", "to") as (values {Rows(unknown)})
            select e.partition, e.seq, e.type, e.payload, e.live, e.import_id, e.subject_id, e.occurred_at, e.trace
            from behind b cross join {session.Pick($"log_events e where {Range}", $"lateral (select * from log_events e where {Range} order by e.seq limit @most) e")}
            order by e.partition, e.seq
            """, new { wanted, most = Scanned }, Delivery, ct);
        return Slices(ranges, known.Count == 0 ? read : [.. known.Concat(read).OrderBy(d => d.Partition).ThenBy(d => d.Seq)]);
    }, ct);

    private long Scanned => 4L * options.Batch;

    /// <summary>
    /// At most one batch of what was recorded after these heads, and up to where was looked; for who follows along in memory and has no cursor. More says that there may be more.
    /// </summary>
    public async Task<(IReadOnlyList<Delivery> Events, IReadOnlyDictionary<int, long> Heads, bool More)> AfterAsync(IReadOnlyDictionary<int, long> heads, IReadOnlyCollection<Type> wanted, CancellationToken ct)
    {
        var cursors = new Dictionary<int, long>(heads);
        var slices = await ReadAsync(TypeNames(wanted), cursors, ct);
        slices.ForEach(s => cursors[s.Partition] = s.To);
        return ([.. slices.SelectMany(s => s.Deliveries)], cursors, MayHaveMore(slices));
    }

    /// <summary>Whether the look ended because it had seen enough, and not with the log.</summary>
    internal bool MayHaveMore(List<LogSlice> slices) => slices.Sum(s => s.To - s.From) >= Scanned || slices.Sum(s => s.Deliveries.Count) >= options.Batch;

    /// <summary>Numbers only: nothing that would have to be a parameter.</summary>
    internal static string Rows(IEnumerable<(int Partition, long From, long To)> ranges) =>
        string.Join(", ", ranges.Select(r => string.Create(CultureInfo.InvariantCulture, $"({r.Partition}, {r.From}, {r.To})")));

    /// <summary>What is looked through: of each partition from its cursor on.</summary>
    private List<(int Partition, long From, long To)> RangesOf(IEnumerable<(int Partition, long From, long Head)> behind)
    {
        var ranges = new List<(int, long, long)>();
        var room = Scanned;
        foreach (var (partition, from, head) in behind.OrderBy(b => b.Partition).TakeWhile(_ => room > 0))
        {
            ranges.Add((partition, from, Math.Min(head, from + room)));
            room -= Math.Min(head - from, room);
        }
        return ranges;
    }

    /// <summary>At most one batch: where it is full, the partition ends with its last event, and those after it wait.</summary>
    private List<LogSlice> Slices(List<(int Partition, long From, long To)> ranges, List<Delivery> found)
    {
        var byPartition = found.Take(options.Batch).ToLookup(d => d.Partition);
        var last = found.Count > options.Batch ? found[options.Batch - 1] : null;
        return [.. ranges.TakeWhile(r => last is null || r.Partition <= last.Partition)
            .Select(r => new LogSlice(r.Partition, r.From, last?.Partition == r.Partition ? last.Seq : r.To, [.. byPartition[r.Partition]]))];
    }

    internal Task<Delivery?> OneAsync(Session session, Guid subjectId, long seq, CancellationToken ct) => session.FirstAsync(
        "select partition, seq, type, payload, live, import_id, subject_id, occurred_at, trace from log_events where subject_id = @subjectId and seq = @seq",
        new { subjectId, seq }, Delivery, ct);

    /// <summary>Where the receiver stands in each of the partitions; a receiver that is new starts at the beginning.</summary>
    internal Task<List<(int Partition, long Seq)>> CursorsAsync(string receiver, IReadOnlyList<int> partitions, CancellationToken ct) =>
        database.WriteAsync(async tx =>
        {
            foreach (var partition in partitions)
            {
                await tx.ExecuteAsync("insert into log_cursors (receiver, partition, seq) values (@receiver, @partition, 0) on conflict do nothing",
                    new { receiver, partition }, ct);
            }
            return await tx.QueryAsync("select partition, seq from log_cursors where receiver = @receiver and partition in @partitions",
                new { receiver, partitions }, r => (r.Int(0), r.Long(1)), ct);
        }, ct);

    /// <summary>Events of these types about these subjects, in the order in which they were recorded.</summary>
    public Task<List<Delivery>> OfSubjectsAsync(Session session, IReadOnlyCollection<Guid> subjects, IReadOnlyCollection<Type> wanted, CancellationToken ct) => session.QueryAsync("""
        select partition, seq, type, payload, live, import_id, subject_id, occurred_at, trace from log_events
        where subject_id in @subjects and type in @names order by subject_id, seq
        """, new { subjects, names = TypeNames(wanted) }, Delivery, ct);

    /// <summary>Likewise, only what happened at a time or later.</summary>
    public Task<List<Delivery>> OfSubjectsAsync(Session session, IReadOnlyCollection<Guid> subjects, IReadOnlyCollection<Type> wanted, DateTimeOffset since, CancellationToken ct) => session.QueryAsync("""
        select partition, seq, type, payload, live, import_id, subject_id, occurred_at, trace from log_events
        where subject_id in @subjects and occurred_at >= @since and type in @names order by subject_id, seq
        """, new { subjects, since, names = TypeNames(wanted) }, Delivery, ct);

    /// <summary>The latest events of these types about these subjects, the last one first; what happened before a time is not looked at.</summary>
    /// <param name="most">At most so many.</param>
    public Task<List<Delivery>> LatestOfSubjectsAsync(Session session, IReadOnlyCollection<Guid> subjects, IReadOnlyCollection<Type> wanted, DateTimeOffset since, int most, CancellationToken ct) => session.QueryAsync("""
        select partition, seq, type, payload, live, import_id, subject_id, occurred_at, trace from log_events
        where subject_id in @subjects and occurred_at >= @since and type in @names order by occurred_at desc, seq desc limit @most
        """, new { subjects, since, names = TypeNames(wanted), most }, Delivery, ct);

    /// <summary>Events of these types that happened at a time or later, in no particular order: for models that learn from everybody.</summary>
    /// <param name="about">Whether those of a subject are wanted; the others are not read further.</param>
    public Task ForEachAsync(IReadOnlyCollection<Type> wanted, DateTimeOffset since, Func<Guid, bool> about, Action<ILogEvent> visit, CancellationToken ct) => database.ReadAsync(session =>
        session.ForEachAsync("select subject_id, occurred_at, type, payload from log_events where type in @names and occurred_at >= @since", new { names = TypeNames(wanted), since }, row =>
        {
            if (about(row.Guid(0)))
            {
                visit(Read(types, row.Guid(0), row.Time(1), row.Text(2), row.Text(3)));
            }
        }, ct), ct);

    /// <summary>
    /// All events of a type in the order in which they were recorded, partition by partition: for models that are trained on everything.
    /// </summary>
    public Task ForEachAsync<TEvent>(Action<TEvent> visit, CancellationToken ct) where TEvent : ILogEvent => database.ReadAsync(session =>
        session.ForEachAsync("select payload from log_events where type = @type order by partition, seq", new { type = types.NameOf(typeof(TEvent)) },
            row => visit((TEvent)types.Read(types.NameOf(typeof(TEvent)), row.Text(0))!), ct), ct);

    /// <summary>Whether anything of these types was recorded after these heads (a partition that is not named: after its beginning).</summary>
    public Task<bool> AnyAfterAsync(IReadOnlyDictionary<int, long> heads, IReadOnlyCollection<Type> wanted, CancellationToken ct) => database.ReadAsync(async session =>
    {
        var now = await session.QueryAsync("select partition, head from log_partitions", null, r => (Partition: r.Int(0), Head: r.Long(1)), ct);
        var news = now.Where(n => n.Head > heads.GetValueOrDefault(n.Partition)).Select(n => (n.Partition, heads.GetValueOrDefault(n.Partition), n.Head)).ToList();
        return news.Count > 0 && await session.CountAsync($"""
            with behind (partition, "from", "to") as (values {Rows(news)})
            select 1 from behind b cross join {session.Pick($"log_events e where {Range}", $"lateral (select * from log_events e where {Range} order by e.seq limit 1) e")} limit 1
            """, new { wanted = TypeNames(wanted) }, ct) == 1;
    }, ct);

    /// <summary>How many events each receiver has still to see, those of partitions that it has not begun included.</summary>
    public Task<List<(string Receiver, long Behind)>> LagAsync(CancellationToken ct) => database.ReadAsync(s => s.QueryAsync("""
        select r.receiver, sum(p.head - coalesce(c.seq, 0)) from (select distinct receiver from log_cursors) r cross join log_partitions p
        left join log_cursors c on c.receiver = r.receiver and c.partition = p.partition group by r.receiver order by r.receiver
        """, null, r => (r.Text(0), r.Long(1)), ct), ct);

    private Delivery Delivery(Row r) => new(r.Int(0), r.Long(1), Read(r), r.Bool(4), r.GuidOrNull(5)) { Trace = r.IsNull(8) ? null : r.Bytes(8) };

    private ILogEvent Read(Row r) => Read(types, r.Guid(6), r.Time(7), r.Text(2), r.Text(3));

    /// <summary>What another version of the program wrote may not be readable; it hides nothing else.</summary>
    internal static ILogEvent Read(EventTypes types, Guid subjectId, DateTimeOffset occurredAt, string type, string payload)
    {
        try
        {
            return types.Read(type, payload) ?? new UnreadableEvent(subjectId, occurredAt, type, $"No module declares the event '{type}'.");
        }
        catch (JsonException e)
        {
            return new UnreadableEvent(subjectId, occurredAt, type, e.Message);
        }
    }
}
