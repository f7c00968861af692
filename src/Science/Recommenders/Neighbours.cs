using System.Runtime.InteropServices;

namespace Wellmet.Science.Recommenders;

/// <summary>One related item. Eight bytes, stored as it is in a model file.</summary>
/// <param name="Item">Product index.</param>
/// <param name="Score">Strength; its unit is the trainer's. Higher is closer.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Neighbour(int Item, float Score);

/// <summary>For each item its related items, the closest first. Immutable; reading allocates nothing.</summary>
public sealed class Neighbours
{
    private readonly int[] _offsets;
    private readonly Neighbour[] _entries;

    /// <summary>Takes over both arrays, which must not be changed afterwards.</summary>
    /// <param name="offsets">Length items + 1: the neighbours of item i lie at offsets[i] (inclusive) to offsets[i + 1] (exclusive).</param>
    /// <param name="entries">All neighbours, item after item, each item's closest first.</param>
    /// <exception cref="ArgumentException">The arrays do not fit together, or a neighbour is not an item.</exception>
    public Neighbours(int[] offsets, Neighbour[] entries)
    {
        ArgumentNullException.ThrowIfNull(offsets);
        ArgumentNullException.ThrowIfNull(entries);
        RowOffsets.Check(offsets, entries.Length);
        (_offsets, _entries) = (offsets, entries);
        foreach (var entry in entries)
        {
            if (entry.Item < 0 || entry.Item >= ItemCount)
            {
                throw new ArgumentException($"Neighbour {entry.Item} is outside 0 to {ItemCount - 1}.", nameof(entries));
            }
        }
    }

    /// <summary>Number of items, with and without neighbours.</summary>
    public int ItemCount => _offsets.Length - 1;

    internal ReadOnlySpan<int> Offsets => _offsets;

    internal ReadOnlySpan<Neighbour> AllEntries => _entries;

    /// <summary>The related items, closest first; empty where too little is known.</summary>
    /// <exception cref="IndexOutOfRangeException"><paramref name="item"/> is not an item.</exception>
    public ReadOnlySpan<Neighbour> Of(int item) => _entries.AsSpan(_offsets[item], _offsets[item + 1] - _offsets[item]);

    /// <summary>Copies the closest eligible items into <paramref name="results"/> and returns how many there were.</summary>
    /// <param name="item">Product index.</param>
    /// <param name="eligible">The items that may be shown; null for all.</param>
    /// <param name="results">Filled from the front.</param>
    public int Top(int item, ItemSet? eligible, Span<Neighbour> results)
    {
        var count = 0;
        foreach (var neighbour in Of(item))
        {
            if (count == results.Length)
            {
                break;
            }

            if (eligible is null || eligible.Contains(neighbour.Item))
            {
                results[count++] = neighbour;
            }
        }

        return count;
    }

    /// <summary>Copies lists given one by one, item after item, each best first.</summary>
    public static Neighbours FromRows(Neighbour[][] rows)
    {
        var offsets = new int[rows.Length + 1];
        for (var item = 0; item < rows.Length; item++)
        {
            offsets[item + 1] = rows[item].Length;
        }

        RowOffsets.Accumulate(offsets);
        var entries = new Neighbour[offsets[^1]];
        for (var item = 0; item < rows.Length; item++)
        {
            rows[item].CopyTo(entries, offsets[item]);
        }

        return new Neighbours(offsets, entries);
    }
}
