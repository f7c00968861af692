namespace Wellmet.Science.Linkage;

/// <summary>How alike two short texts are. Works on UTF-16 units, whatever the script.</summary>
public static class TextSimilarity
{
    private const int Longest = 128, LongestPrefix = 4;
    private const double PrefixWeight = 0.1;

    /// <summary>
    /// Jaro's similarity (JASA 84, 1989) raised for a common beginning, after Winkler ("String comparator metrics and enhanced decision rules in the
    /// Fellegi-Sunter model of record linkage", 1990): 0 for nothing in common, 1 for the same. Looks at the first 128 characters.
    /// </summary>
    public static double JaroWinkler(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        one = one[..Math.Min(one.Length, Longest)];
        other = other[..Math.Min(other.Length, Longest)];
        if (one.IsEmpty || other.IsEmpty)
        {
            return one.Length == other.Length ? 1 : 0;
        }

        var jaro = Jaro(one, other);
        var prefix = Math.Min(LongestPrefix, one.CommonPrefixLength(other));
        return jaro + (prefix * PrefixWeight * (1 - jaro));
    }

    private static double Jaro(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        Span<bool> taken = stackalloc bool[other.Length];
        Span<char> common = stackalloc char[one.Length];
        taken.Clear();
        var window = Math.Max(0, (Math.Max(one.Length, other.Length) / 2) - 1);
        var count = 0;
        for (var i = 0; i < one.Length; i++)
        {
            var end = Math.Min(other.Length, i + window + 1);
            for (var j = Math.Max(0, i - window); j < end; j++)
            {
                if (!taken[j] && one[i] == other[j])
                {
                    taken[j] = true;
                    common[count++] = one[i];
                    break;
                }
            }
        }

        if (count == 0)
        {
            return 0;
        }

        var (outOfPlace, at) = (0, 0);
        for (var j = 0; j < other.Length; j++)
        {
            if (taken[j])
            {
                outOfPlace += common[at++] == other[j] ? 0 : 1;
            }
        }

        double matching = count;
        return ((matching / one.Length) + (matching / other.Length) + ((matching - (outOfPlace / 2)) / matching)) / 3;
    }

    /// <summary>
    /// Whether at most so many insertions, deletions, replacements and swaps of neighbours lead from one text to the other, no part being
    /// edited twice (Damerau 1964; optimal string alignment).
    /// </summary>
    public static bool IsWithin(ReadOnlySpan<char> one, ReadOnlySpan<char> other, int edits)
    {
        if (Math.Abs(one.Length - other.Length) > edits)
        {
            return false;
        }

        var prefix = one.CommonPrefixLength(other);
        one = one[prefix..];
        other = other[prefix..];
        while (!one.IsEmpty && !other.IsEmpty && one[^1] == other[^1])
        {
            one = one[..^1];
            other = other[..^1];
        }

        return Math.Max(one.Length, other.Length) <= edits || (one.Length <= Longest && other.Length <= Longest && Distance(one, other, edits) <= edits);
    }

    /// <summary>The distance, or something above <paramref name="most"/>.</summary>
    private static int Distance(ReadOnlySpan<char> one, ReadOnlySpan<char> other, int most)
    {
        Span<int> before = stackalloc int[other.Length + 1], above = stackalloc int[other.Length + 1], row = stackalloc int[other.Length + 1];
        for (var j = 0; j <= other.Length; j++)
        {
            above[j] = j;
        }

        for (var i = 1; i <= one.Length; i++)
        {
            row.Fill(most + 1);
            row[0] = i;
            var best = most + 1;
            for (var j = Math.Max(1, i - most); j <= Math.Min(other.Length, i + most); j++)
            {
                var edits = Math.Min(above[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1), 1 + Math.Min(above[j], row[j - 1]));
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                {
                    edits = Math.Min(edits, before[j - 2] + 1);
                }

                row[j] = edits;
                best = Math.Min(best, edits);
            }

            if (best > most)
            {
                return best;
            }

            var free = before;
            before = above;
            above = row;
            row = free;
        }

        return above[other.Length];
    }
}
