namespace Wellmet.Science.Recommenders.Places;

/// <summary>For each place some items, the best first. Immutable; reading allocates nothing.</summary>
public sealed class PlaceRanking
{
    private readonly int[] _offsets;
    private readonly Neighbour[] _entries;

    /// <summary>Takes over both arrays, which must not be changed afterwards.</summary>
    /// <param name="offsets">Length places + 1: the items of place p lie at offsets[p] (inclusive) to offsets[p + 1] (exclusive).</param>
    /// <param name="entries">All items, place after place.</param>
    /// <exception cref="ArgumentException">The arrays do not fit together.</exception>
    public PlaceRanking(int[] offsets, Neighbour[] entries)
    {
        ArgumentNullException.ThrowIfNull(offsets);
        ArgumentNullException.ThrowIfNull(entries);
        RowOffsets.Check(offsets, entries.Length);
        (_offsets, _entries) = (offsets, entries);
    }

    /// <summary>Number of places.</summary>
    public int PlaceCount => _offsets.Length - 1;

    /// <summary>To be saved.</summary>
    public ReadOnlySpan<int> Offsets => _offsets;

    /// <summary>To be saved.</summary>
    public ReadOnlySpan<Neighbour> Entries => _entries;

    /// <summary>The items of a place.</summary>
    public ReadOnlySpan<Neighbour> Of(int place) => _entries.AsSpan(_offsets[place], _offsets[place + 1] - _offsets[place]);

    internal static PlaceRanking FromRows(Neighbour[][] rows)
    {
        int[] offsets = [0, .. rows.Select(row => row.Length)];
        RowOffsets.Accumulate(offsets);
        return new PlaceRanking(offsets, [.. rows.SelectMany(row => row)]);
    }
}
