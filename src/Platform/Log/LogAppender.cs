using System.Globalization;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Telemetry;

namespace Wellmet.Platform.Log;

/// <summary>An event on its way into the log.</summary>
/// <param name="Trace">See <see cref="EventTrace"/>; null where nothing is traced.</param>
internal sealed record AppendedEvent(ILogEvent Event, bool Live, Guid? ImportId, byte[]? Trace);

/// <summary>
/// Gives events their sequence numbers and writes them, as the last step of the transaction that told them. The update of a partition's
/// row is its lock until the commit: numbers become visible in order. Partitions are taken in ascending order, so two writers cannot
/// wait for each other.
/// </summary>
public sealed class LogAppender(EventTypes types, TimeProvider time, LogSignal signal, RecentEvents recent)
{
    private static readonly Column<Numbered>[] Columns =
    [
        new("subject_id", typeof(Guid), e => e.Appended.Event.SubjectId),
        new("seq", typeof(long), e => e.Seq),
        new("partition", typeof(int), e => e.Partition),
        new("type", typeof(string), e => e.Type),
        new("occurred_at", typeof(DateTimeOffset), e => e.Appended.Event.OccurredAt),
        new("recorded_at", typeof(DateTimeOffset), e => e.RecordedAt),
        new("live", typeof(bool), e => e.Appended.Live),
        new("payload", typeof(Json), e => e.Payload),
        new("import_id", typeof(Guid), e => e.Appended.ImportId),
    ];

    private static readonly BulkInsert<Numbered> Insert = new("log_events", Columns),
        InsertTraced = new("log_events", [.. Columns, new("trace", typeof(byte[]), e => e.Appended.Trace)]);

    internal async Task AppendAsync(Transaction tx, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var rows = new List<Numbered>(tx.Appended.Count);
        var partitions = tx.Appended.GroupBy(e => Partitions.Of(e.Event.SubjectId)).OrderBy(g => g.Key).Select(g => (Partition: g.Key, Events: g.ToList())).ToList();
        var heads = await AdvanceAsync(tx, partitions.Select(p => (p.Partition, p.Events.Count)), ct);
        foreach (var (partition, events) in partitions)
        {
            var seq = heads[partition] - events.Count;
            rows.AddRange(events.Select(e => new Numbered(
                e, ++seq, partition, types.NameOf(e.Event.GetType()), now, new Json(types.Write(e.Event)))));
        }
        await (tx.Appended.Any(e => e.Trace is not null) ? InsertTraced : Insert).RunAsync(tx, rows, ct);
        var told = tx.Appended.Select(e => e.Event.GetType()).ToHashSet();
        tx.AfterCommit(() =>
        {
            foreach (var partition in tx.IsDurable ? rows.GroupBy(r => r.Partition) : [])
            {
                recent.Add([.. partition.Select(RecentOf)]);
            }
            signal.Raise(told);
        });
    }

    /// <summary>Moves the heads of all the partitions on, locked in ascending order, in one statement; answers the new heads.</summary>
    private static async Task<Dictionary<int, long>> AdvanceAsync(Transaction tx, IEnumerable<(int Partition, int Count)> added, CancellationToken ct)
    {
        if (!added.Any())
        {
            return [];
        }
        var rows = string.Join(", ", added.Select(a => string.Create(CultureInfo.InvariantCulture, $"({a.Partition}, {a.Count})")));
        return (await tx.QueryAsync($"""
            with added (partition, count) as (values {rows})
              {tx.Pick("", ", locked as (select p.partition from log_partitions p join added a on a.partition = p.partition order by p.partition for update of p)")}
            update log_partitions as p set head = p.head + a.count from added a {tx.Pick("", "join locked l on l.partition = a.partition")}
            where a.partition = p.partition returning {tx.Pick("partition, head", "p.partition, p.head")}
            """, null, r => (r.Int(0), r.Long(1)), ct))
            .ToDictionary(h => h.Item1, h => h.Item2);
    }

    private static RecentEvent RecentOf(Numbered e) => new(e.Appended.Event.SubjectId, e.Appended.Event.OccurredAt, e.Type, e.Payload.Text)
    {
        Partition = e.Partition, Seq = e.Seq, Live = e.Appended.Live, ImportId = e.Appended.ImportId, Trace = e.Appended.Trace,
    };

    private sealed record Numbered(AppendedEvent Appended, long Seq, int Partition, string Type, DateTimeOffset RecordedAt, Json Payload);
}
