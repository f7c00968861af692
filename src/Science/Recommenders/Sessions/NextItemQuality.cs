namespace Wellmet.Science.Recommenders.Sessions;

/// <summary>How often the item that came next was foretold, ranked among all items that were not in the history.</summary>
/// <param name="Customers">Customers asked about.</param>
/// <param name="Hit10">Share whose next item was among the first 10.</param>
/// <param name="Ndcg10">Mean of 1 / log2(rank + 1) where it was among the first 10, else 0; rank from 1.</param>
/// <param name="Hit20">Share whose next item was among the first 20.</param>
/// <param name="Ndcg20">The same gain over the first 20.</param>
public readonly record struct NextItemQuality(int Customers, double Hit10, double Ndcg10, double Hit20, double Ndcg20)
{
    private const int Depth = 20;

    /// <summary>Asks for the last item of every sequence with at least <paramref name="shortest"/> items, given those before it.</summary>
    /// <param name="model">Must not have been trained on those last items.</param>
    /// <param name="sequences">Histories with the item to foretell at the end.</param>
    /// <param name="shortest">Shorter sequences are not asked about; at least 2.</param>
    /// <param name="every">Asks only every so-manieth of them.</param>
    /// <param name="run">Threads and cancellation.</param>
    public static NextItemQuality OfLast(NextItem model, ItemSequences sequences, int shortest = 2, int every = 1, TrainingRun run = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(sequences);
        var asked = Enumerable.Range(0, sequences.Count).Where(s => sequences.Of(s).Length >= Math.Max(2, shortest)).Where((_, i) => i % every == 0).ToArray();
        var ranks = new int[asked.Length];
        ItemLoop.Run(asked.Length, run, () => new Neighbour[Depth], (at, results) => ranks[at] = Rank(model, sequences.Of(asked[at]), results));
        return Of(ranks);
    }

    private static int Rank(NextItem model, ReadOnlySpan<int> sequence, Neighbour[] results)
    {
        var count = model.Recommend(sequence[..^1], null, results);
        for (var at = 0; at < count; at++)
        {
            if (results[at].Item == sequence[^1])
            {
                return at;
            }
        }

        return int.MaxValue;
    }

    private static NextItemQuality Of(int[] ranks) =>
        ranks.Length == 0
            ? default
            : new NextItemQuality(ranks.Length, ranks.Average(r => Hit(r, 10)), ranks.Average(r => Gain(r, 10)), ranks.Average(r => Hit(r, 20)), ranks.Average(r => Gain(r, 20)));

    private static double Hit(int rank, int depth) => rank < depth ? 1 : 0;

    private static double Gain(int rank, int depth) => rank < depth ? 1 / Math.Log2(rank + 2) : 0;
}
