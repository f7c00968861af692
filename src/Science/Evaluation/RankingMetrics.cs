namespace Wellmet.Science.Evaluation;

/// <summary>
/// How well a ranked list holds what a customer took later. One relevant item counts 1, whichever it is (binary relevance), as in the
/// public benchmarks of LightGCN (He et al., SIGIR 2020).
/// </summary>
public static class RankingMetrics
{
    /// <summary>Share of the relevant items that are in the list, in [0, 1]; 0 where nothing is relevant.</summary>
    /// <param name="ranked">Item indexes, best first, cut at the wanted depth.</param>
    /// <param name="relevant">The items taken later.</param>
    public static double Recall(ReadOnlySpan<int> ranked, IReadOnlySet<int> relevant)
    {
        ArgumentNullException.ThrowIfNull(relevant);
        return relevant.Count == 0 ? 0 : Hits(ranked, relevant) / (double)relevant.Count;
    }

    /// <summary>1 where at least one relevant item is in the list, else 0.</summary>
    /// <inheritdoc cref="Recall" path="/param"/>
    public static double HitRate(ReadOnlySpan<int> ranked, IReadOnlySet<int> relevant)
    {
        ArgumentNullException.ThrowIfNull(relevant);
        return Hits(ranked, relevant) > 0 ? 1 : 0;
    }

    /// <summary>
    /// Normalised discounted cumulative gain in [0, 1]: Σ 1 / log2(rank + 1) over the hits, over the same sum for an ideal list.
    /// </summary>
    /// <param name="ranked">Item indexes, best first.</param>
    /// <param name="relevant">The items taken later.</param>
    /// <param name="depth">The list's full length, for the ideal list.</param>
    public static double Ndcg(ReadOnlySpan<int> ranked, IReadOnlySet<int> relevant, int depth)
    {
        ArgumentNullException.ThrowIfNull(relevant);
        var gain = 0.0;
        for (var at = 0; at < Math.Min(ranked.Length, depth); at++)
        {
            gain += relevant.Contains(ranked[at]) ? Discount(at) : 0;
        }

        var ideal = 0.0;
        for (var at = 0; at < Math.Min(relevant.Count, depth); at++)
        {
            ideal += Discount(at);
        }

        return ideal == 0 ? 0 : gain / ideal;
    }

    private static double Discount(int at) => 1 / Math.Log2(at + 2);

    private static int Hits(ReadOnlySpan<int> ranked, IReadOnlySet<int> relevant)
    {
        var hits = 0;
        foreach (var item in ranked)
        {
            hits += relevant.Contains(item) ? 1 : 0;
        }

        return hits;
    }
}
