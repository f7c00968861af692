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
public sealed class LogAppender(EventTypes types, TimeProvider time, LogSignal signal)
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
        foreach (var partition in tx.Appended.GroupBy(e => Partitions.Of(e.Event.SubjectId)).OrderBy(g => g.Key))
        {
            var events = partition.ToList();
            var head = await tx.CountAsync(
                "update log_partitions set head = head + @count where partition = @partition returning head",
                new { count = (long)events.Count, partition = partition.Key }, ct);
            var seq = head - events.Count;
            rows.AddRange(events.Select(e => new Numbered(
                e, ++seq, partition.Key, types.NameOf(e.Event.GetType()), now, new Json(types.Write(e.Event)))));
        }
        await (tx.Appended.Any(e => e.Trace is not null) ? InsertTraced : Insert).RunAsync(tx, rows, ct);
        tx.AfterCommit(signal.Raise);
    }

    private sealed record Numbered(AppendedEvent Appended, long Seq, int Partition, string Type, DateTimeOffset RecordedAt, Json Payload);
}
