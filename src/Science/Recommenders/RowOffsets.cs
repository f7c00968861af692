namespace Wellmet.Science.Recommenders;

/// <summary>The offsets array of compressed rows: row r lies at offsets[r] (inclusive) to offsets[r + 1] (exclusive).</summary>
internal static class RowOffsets
{
    /// <summary>Offsets for entries whose row is given one by one (counting sort). Length <paramref name="rowCount"/> + 1.</summary>
    public static int[] Count(ReadOnlySpan<int> rowOfEntry, int rowCount)
    {
        var offsets = new int[rowCount + 1];
        foreach (var row in rowOfEntry)
        {
            offsets[row + 1]++;
        }

        Accumulate(offsets);
        return offsets;
    }

    /// <summary>Turns row lengths, each one place to the right, into offsets.</summary>
    public static void Accumulate(int[] offsets)
    {
        for (var row = 1; row < offsets.Length; row++)
        {
            offsets[row] += offsets[row - 1];
        }
    }

    /// <exception cref="ArgumentException">The offsets do not start at 0, fall, or do not end at <paramref name="entryCount"/>.</exception>
    public static void Check(int[] offsets, int entryCount)
    {
        if (offsets.Length == 0 || offsets[0] != 0 || offsets[^1] != entryCount)
        {
            throw new ArgumentException($"Offsets must run from 0 to {entryCount}.", nameof(offsets));
        }

        for (var row = 1; row < offsets.Length; row++)
        {
            if (offsets[row] < offsets[row - 1])
            {
                throw new ArgumentException($"Offsets fall at row {row}.", nameof(offsets));
            }
        }
    }
}
