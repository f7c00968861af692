namespace Wellmet.Science.Recommenders.Sessions;

/// <summary>
/// What each customer took, in time order: one sequence of item indexes per customer, repeats allowed. Immutable; safe for any number of readers.
/// </summary>
public sealed class ItemSequences
{
    private readonly int[] _offsets;
    private readonly int[] _items;

    /// <summary>Takes over both arrays, which must not be changed afterwards.</summary>
    /// <param name="itemCount">Number of items; indexes lie below it.</param>
    /// <param name="offsets">Length sequences + 1: sequence s lies at offsets[s] (inclusive) to offsets[s + 1] (exclusive).</param>
    /// <param name="items">All items, sequence after sequence, each sequence's earliest first.</param>
    /// <exception cref="ArgumentException">The arrays do not fit together, or an item is outside 0 to <paramref name="itemCount"/> - 1.</exception>
    public ItemSequences(int itemCount, int[] offsets, int[] items)
    {
        ArgumentNullException.ThrowIfNull(offsets);
        ArgumentNullException.ThrowIfNull(items);
        RowOffsets.Check(offsets, items.Length);
        foreach (var item in items)
        {
            if (item < 0 || item >= itemCount)
            {
                throw new ArgumentException($"Item {item} is outside 0 to {itemCount - 1}.", nameof(items));
            }
        }

        (ItemCount, _offsets, _items) = (itemCount, offsets, items);
    }

    /// <summary>Number of items, with and without occurrences.</summary>
    public int ItemCount { get; }

    /// <summary>Number of sequences.</summary>
    public int Count => _offsets.Length - 1;

    /// <summary>Items in all sequences together, repeats counted.</summary>
    public int Length => _items.Length;

    /// <summary>One sequence, earliest first.</summary>
    public ReadOnlySpan<int> Of(int sequence) => _items.AsSpan(_offsets[sequence], _offsets[sequence + 1] - _offsets[sequence]);

    /// <summary>Copies sequences given one by one.</summary>
    /// <exception cref="ArgumentException">An item is out of range.</exception>
    public static ItemSequences Of(IReadOnlyList<int[]> sequences, int itemCount)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        var offsets = new int[sequences.Count + 1];
        for (var sequence = 0; sequence < sequences.Count; sequence++)
        {
            offsets[sequence + 1] = sequences[sequence].Length;
        }

        RowOffsets.Accumulate(offsets);
        return new ItemSequences(itemCount, offsets, [.. sequences.SelectMany(items => items)]);
    }

    /// <summary>The same customers without the last item of every sequence that has at least <paramref name="shortest"/> items.</summary>
    public ItemSequences WithoutLast(int shortest)
    {
        var sequences = new int[Count][];
        for (var sequence = 0; sequence < Count; sequence++)
        {
            var items = Of(sequence);
            sequences[sequence] = items[..(items.Length >= Math.Max(1, shortest) ? items.Length - 1 : items.Length)].ToArray();
        }

        return Of(sequences, ItemCount);
    }

    /// <summary>How often each item occurs. Length <see cref="ItemCount"/>.</summary>
    public int[] Occurrences()
    {
        var counts = new int[ItemCount];
        foreach (var item in _items)
        {
            counts[item]++;
        }

        return counts;
    }

    /// <summary>Each item's occurrences, at least 1, to a power. Length <see cref="ItemCount"/>.</summary>
    internal float[] Powers(float exponent) => Array.ConvertAll(Occurrences(), count => MathF.Pow(Math.Max(1, count), exponent));

    /// <summary>Where each item occurs: sequence and place in it, in ascending order.</summary>
    internal (int[] Offsets, Occurrence[] Entries) ByItem()
    {
        var offsets = RowOffsets.Count(_items, ItemCount);
        var next = offsets.AsSpan(0, ItemCount).ToArray();
        var entries = new Occurrence[Length];
        for (var sequence = 0; sequence < Count; sequence++)
        {
            for (var at = _offsets[sequence]; at < _offsets[sequence + 1]; at++)
            {
                entries[next[_items[at]]++] = new Occurrence(sequence, at - _offsets[sequence]);
            }
        }

        return (offsets, entries);
    }

    /// <summary>One place where an item occurs.</summary>
    internal readonly record struct Occurrence(int Sequence, int Place);
}
