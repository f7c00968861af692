using System.Buffers;

namespace Wellmet.Science.Recommenders;

/// <summary>
/// Recommends to a customer from what the customer bought: score(j) = Σ over purchases i of weight_i B[i, j], with the item-item
/// weights B of <see cref="LocalRidge"/>. The purchases come with each call, so a new one counts at once and new customers need no training.
/// Immutable; safe for any number of threads; a call rents its buffers and allocates nothing once they are warm.
/// </summary>
public sealed class ForYou
{
    /// <param name="weights">Items × items, row = the item owned, column = the item recommended.</param>
    /// <param name="bestsellers">Fills the list where purchases say nothing.</param>
    /// <exception cref="ArgumentException">The two are about different numbers of items.</exception>
    public ForYou(SparseMatrix weights, Bestsellers bestsellers)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(bestsellers);
        if (weights.RowCount != weights.ColumnCount || weights.RowCount != bestsellers.Ranking.Length)
        {
            throw new ArgumentException($"Weights are {weights.RowCount} × {weights.ColumnCount}, bestsellers are {bestsellers.Ranking.Length}.");
        }

        (Weights, Bestsellers) = (weights, bestsellers);
    }

    /// <summary>Items × items: what owning the row's item says about the column's item.</summary>
    public SparseMatrix Weights { get; }

    /// <summary>What fills the list where purchases say nothing.</summary>
    public Bestsellers Bestsellers { get; }

    /// <summary>Number of items.</summary>
    public int ItemCount => Weights.RowCount;

    /// <summary>
    /// Fills <paramref name="results"/> with the best eligible items that were not bought, best first, and returns how many: all of them
    /// as long as there are eligible items left. Items with a score above 0 come first, then bestsellers, then items nobody bought yet.
    /// </summary>
    /// <param name="bought">The customer's distinct items.</param>
    /// <param name="weights">One weight per bought item, or empty for 1 each.</param>
    /// <param name="eligible">The items that may be shown; null for all.</param>
    /// <param name="results">Filled from the front.</param>
    /// <exception cref="ArgumentException">The lengths differ, or an item is given twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An item is unknown to the model.</exception>
    public int Recommend(ReadOnlySpan<int> bought, ReadOnlySpan<float> weights, ItemSet? eligible, Span<Recommendation> results)
    {
        CheckPurchases(bought, weights);
        var scoreBuffer = ArrayPool<float>.Shared.Rent(ItemCount);
        var takenBuffer = ArrayPool<bool>.Shared.Rent(ItemCount);
        try
        {
            var scores = scoreBuffer.AsSpan(0, ItemCount);
            var taken = takenBuffer.AsSpan(0, ItemCount);
            MarkTaken(bought, eligible, taken);
            AddContributions(bought, weights, scores);
            var count = TakeBest(scores, taken, results);
            Explain(bought, weights, results[..count]);
            return FillUp(taken, results, count);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scoreBuffer);
            ArrayPool<bool>.Shared.Return(takenBuffer);
        }
    }

    /// <summary>What one purchase adds to an item's score; negative where owning it speaks against.</summary>
    /// <param name="boughtItem">The purchase.</param>
    /// <param name="weight">The purchase's weight.</param>
    /// <param name="item">The item recommended.</param>
    public float Contribution(int boughtItem, float weight, int item) => weight * Weights[boughtItem, item];

    /// <summary>An item's score computed anew from its contributions, whether or not it was bought or recommended.</summary>
    /// <inheritdoc cref="Recommend" path="/param"/>
    public float Score(ReadOnlySpan<int> bought, ReadOnlySpan<float> weights, int item)
    {
        CheckPurchases(bought, weights);
        var score = 0f;
        for (var i = 0; i < bought.Length; i++)
        {
            score += Contribution(bought[i], weights.IsEmpty ? 1 : weights[i], item);
        }

        return score;
    }

    private void CheckPurchases(ReadOnlySpan<int> bought, ReadOnlySpan<float> weights)
    {
        if (!weights.IsEmpty && weights.Length != bought.Length)
        {
            throw new ArgumentException($"{bought.Length} purchases but {weights.Length} weights.", nameof(weights));
        }

        foreach (var item in bought)
        {
            if ((uint)item >= (uint)ItemCount)
            {
                throw new ArgumentOutOfRangeException(nameof(bought), item, $"Items run from 0 to {ItemCount - 1}.");
            }
        }
    }

    private static void MarkTaken(ReadOnlySpan<int> bought, ItemSet? eligible, Span<bool> taken)
    {
        taken.Clear();
        foreach (var item in bought)
        {
            if (taken[item])
            {
                throw new ArgumentException($"Item {item} is given twice.", nameof(bought));
            }

            taken[item] = true;
        }

        for (var item = 0; eligible is not null && item < taken.Length; item++)
        {
            taken[item] |= !eligible.Contains(item);
        }
    }

    private void AddContributions(ReadOnlySpan<int> bought, ReadOnlySpan<float> weights, Span<float> scores)
    {
        scores.Clear();
        for (var i = 0; i < bought.Length; i++)
        {
            var weight = weights.IsEmpty ? 1 : weights[i];
            var items = Weights.Columns(bought[i]);
            var values = Weights.Values(bought[i]);
            for (var at = 0; at < items.Length; at++)
            {
                scores[items[at]] += weight * values[at];
            }
        }
    }

    /// <summary>Keeps the best in a sorted list that is as long as the results; most items fail the first comparison.</summary>
    private int TakeBest(ReadOnlySpan<float> scores, Span<bool> taken, Span<Recommendation> results)
    {
        var count = 0;
        var entry = 0f;
        for (var item = 0; item < ItemCount && results.Length > 0; item++)
        {
            var score = scores[item];
            if (!(score > entry) || taken[item])
            {
                continue;
            }

            var at = count < results.Length ? count++ : count - 1;
            for (; at > 0 && results[at - 1].Score < score; at--)
            {
                results[at] = results[at - 1];
            }

            results[at] = new Recommendation(item, score, default);
            entry = count == results.Length ? results[count - 1].Score : 0;
        }

        foreach (var result in results[..count])
        {
            taken[result.Item] = true;
        }

        return count;
    }

    private void Explain(ReadOnlySpan<int> bought, ReadOnlySpan<float> weights, Span<Recommendation> results)
    {
        foreach (ref var result in results)
        {
            var reason = new Reason(ReasonCode.Purchases);
            for (var i = 0; i < bought.Length; i++)
            {
                var part = Contribution(bought[i], weights.IsEmpty ? 1 : weights[i], result.Item);
                if (part > reason.FirstContribution)
                {
                    reason = new Reason(ReasonCode.Purchases, bought[i], part, reason.FirstItem, reason.FirstContribution);
                }
                else if (part > reason.SecondContribution)
                {
                    reason = reason with { SecondItem = bought[i], SecondContribution = part };
                }
            }

            result = result with { Reason = reason };
        }
    }

    private int FillUp(Span<bool> taken, Span<Recommendation> results, int count)
    {
        foreach (var bestseller in Bestsellers.Ranking)
        {
            if (count == results.Length)
            {
                break;
            }

            if (!taken[bestseller.Item])
            {
                var code = bestseller.Score > 0 ? ReasonCode.Bestseller : ReasonCode.Catalogue;
                results[count++] = new Recommendation(bestseller.Item, 0, new Reason(code));
            }
        }

        return count;
    }
}
