namespace Wellmet.Platform.Log;

/// <summary>
/// Which types this process itself told lately, stretch by stretch of each partition: a receiver that wants none of them passes over the stretch without reading
/// it. What other nodes told is not known here, and is read. Safe for any number of threads.
/// </summary>
public sealed class RecentTypes
{
    /// <summary>Stretches kept of each partition; a receiver that is farther behind reads.</summary>
    private const int Kept = 256;

    private readonly Lock gate = new();
    private readonly Dictionary<int, SortedList<long, Stretch>> byPartition = [];

    /// <summary>Notes what was told after <paramref name="from"/>, up to and including <paramref name="to"/>; once it is durable.</summary>
    internal void Add(int partition, long from, long to, IReadOnlyCollection<string> types)
    {
        lock (gate)
        {
            if (!byPartition.TryGetValue(partition, out var stretches))
            {
                byPartition[partition] = stretches = [];
            }
            stretches[from] = new Stretch(to, types);
            if (stretches.Count > Kept)
            {
                stretches.RemoveAt(0);
            }
        }
    }

    /// <summary>Whether it is certain that nothing of these types was told after <paramref name="from"/>, up to and including <paramref name="to"/>.</summary>
    internal bool HoldNone(int partition, long from, long to, IReadOnlyCollection<string> wanted)
    {
        lock (gate)
        {
            if (!byPartition.TryGetValue(partition, out var stretches))
            {
                return false;
            }
            for (var at = LastUpTo(stretches.Keys, from); at >= 0 && at < stretches.Count && stretches.Keys[at] <= from; at++)
            {
                var stretch = stretches.Values[at];
                if (stretch.To <= from || stretch.Types.Any(wanted.Contains))
                {
                    return false;
                }
                if (stretch.To >= to)
                {
                    return true;
                }
                from = stretch.To;
            }
            return false;
        }
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

    private readonly record struct Stretch(long To, IReadOnlyCollection<string> Types);
}
