using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Log;

/// <summary>An event that was told lately, with what its receivers ask of it.</summary>
internal sealed class RecentEvent(Guid subjectId, DateTimeOffset occurredAt, string type, string payload)
{
    /// <summary>Until somebody reads it.</summary>
    private string? payload = payload;
    private Delivery? delivery;

    public required int Partition { get; init; }
    public required long Seq { get; init; }
    public required bool Live { get; init; }
    public required Guid? ImportId { get; init; }
    public required byte[]? Trace { get; init; }
    public string Type => type;

    /// <summary>About what it holds in memory: its text, or the event that was read from it.</summary>
    public long Bytes { get; } = (4 * payload.Length) + 300;

    /// <summary>As it would be read from the log: from its text, so that no receiver sees more than what is kept. The same one for all receivers; events are frozen.</summary>
    public Delivery Delivery(EventTypes types)
    {
        if (Volatile.Read(ref delivery) is { } known)
        {
            return known;
        }
        // Two threads may read it, and both are right.
        if (payload is { } text)
        {
            Volatile.Write(ref delivery, new(Partition, Seq, LogReader.Read(types, subjectId, occurredAt, type, text), Live, ImportId) { Trace = Trace });
            payload = null;
        }
        return Volatile.Read(ref delivery)!;
    }
}

/// <summary>
/// What this process itself told lately, stretch by stretch of each partition, so that a receiver that is not far behind need not read it from the log again; of older stretches only the types: a receiver that
/// wants none of them passes over. What other nodes told is not known here, and is read. What a crash of the database could take back is not noted, and where one is found to have gone
/// back all the same (a failover), all of a partition is forgotten. Safe for any number of threads.
/// </summary>
public sealed class RecentEvents(EventTypes types, LogOptions options)
{
    /// <summary>Stretches kept of each partition; a receiver that is farther behind reads.</summary>
    private const int Kept = 256;

    private readonly Lock gate = new();
    private readonly Dictionary<int, SortedList<long, Stretch>> byPartition = [];
    private readonly Queue<Stretch> whole = new();
    private long bytes;

    /// <summary>Notes what was told in one transaction to one partition; once it is durable.</summary>
    /// <param name="events">At least one, without gaps.</param>
    internal void Add(IReadOnlyList<RecentEvent> events)
    {
        var stretch = new Stretch(events[^1].Seq, events.Select(e => e.Type).ToHashSet(), events.Sum(e => e.Bytes)) { Events = events };
        lock (gate)
        {
            if (!byPartition.TryGetValue(events[0].Partition, out var stretches))
            {
                byPartition[events[0].Partition] = stretches = [];
            }
            if (LastUpTo(stretches.Keys, stretch.To - 1) is >= 0 and var last && stretches.Values[last].To >= events[0].Seq)
            {
                // Numbers that are given again: the database went back to an older state, and what else is known of it may be void.
                stretches.Clear();
            }
            stretches[events[0].Seq - 1] = stretch;
            if (stretches.Count > Kept)
            {
                stretches.RemoveAt(0);
            }
            whole.Enqueue(stretch);
            bytes += stretch.Bytes;
            while (bytes > options.RecentBytes)
            {
                var oldest = whole.Dequeue();
                bytes -= oldest.Bytes;
                oldest.Events = null;
            }
        }
    }

    /// <summary>The last number that is known of each partition.</summary>
    internal IReadOnlyDictionary<int, long> Ends()
    {
        lock (gate)
        {
            return byPartition.Where(p => p.Value.Count > 0).ToDictionary(p => p.Key, p => p.Value.Values[^1].To);
        }
    }

    /// <summary>Nothing is known of a partition any more: its log ends before what was known.</summary>
    internal void Forget(int partition)
    {
        lock (gate)
        {
            byPartition.Remove(partition);
        }
    }

    /// <summary>What was told after <paramref name="from"/>, up to and including <paramref name="to"/>, of the types that are wanted; null where it is not certain that nothing is missing.</summary>
    internal IReadOnlyList<Delivery>? Of(int partition, long from, long to, IReadOnlyCollection<string> wanted)
    {
        var found = new List<RecentEvent>();
        lock (gate)
        {
            if (!byPartition.TryGetValue(partition, out var stretches))
            {
                return null;
            }
            for (var at = LastUpTo(stretches.Keys, from); from < to; at++)
            {
                if (at < 0 || at >= stretches.Count || stretches.Keys[at] > from || stretches.Values[at].To <= from)
                {
                    return null;
                }
                var stretch = stretches.Values[at];
                if (stretch.Types.Any(wanted.Contains))
                {
                    if (stretch.Events is not { } events)
                    {
                        return null;
                    }
                    found.AddRange(events.Where(e => e.Seq > from && e.Seq <= to && wanted.Contains(e.Type)));
                }
                from = stretch.To;
            }
        }
        return [.. found.Select(e => e.Delivery(types))];
    }

    /// <summary>The place of the last start at or before a number; -1 where all are later.</summary>
    private static int LastUpTo(IList<long> starts, long number)
    {
        var (low, high) = (0, starts.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = starts[middle] <= number ? (middle + 1, high) : (low, middle);
        }
        return low - 1;
    }

    private sealed record Stretch(long To, IReadOnlyCollection<string> Types, long Bytes)
    {
        /// <summary>Null once they were too old.</summary>
        public IReadOnlyList<RecentEvent>? Events { get; set; }
    }
}
