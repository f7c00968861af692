namespace Wellmet.Science.Lifecycles;

/// <summary>
/// Scores of 1 to 5 by fifths of all, as in the scoring of customers by recency, frequency and monetary value (A. M. Hughes, Strategic Database Marketing, 1994). Equal values get equal scores: a group of equal values
/// stands where its middle stands, at the share <c>(below + equal / 2) / all</c>, and its score is the fifth that holds this point (the mid-rank of nonparametric statistics). So the score depends on
/// nothing but the value, a higher value never gets a lower score, and of values that all differ each fifth gets as many as the others, within one.
/// </summary>
public static class QuantileScores
{
    public const int Highest = 5;

    /// <returns>For each value its score, 1 to <see cref="Highest"/>.</returns>
    public static int[] Of(IReadOnlyList<long> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var (sorted, places) = (values.ToArray(), Enumerable.Range(0, values.Count).ToArray());
        Array.Sort(sorted, places);
        var scores = new int[sorted.Length];
        for (var below = 0; below < sorted.Length;)
        {
            var end = below;
            while (end < sorted.Length && sorted[end] == sorted[below])
            {
                end++;
            }
            // Whole numbers, so that no rounding decides: (below + equal / 2) / all is (below + end) / (2 all).
            var score = 1 + (int)((long)Highest * (below + end) / (2L * sorted.Length));
            for (; below < end; below++)
            {
                scores[places[below]] = Math.Min(Highest, score);
            }
        }
        return scores;
    }
}
