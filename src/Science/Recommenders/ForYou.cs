namespace Wellmet.Science.Recommenders;

/// <summary>
/// Recommends to a customer from what the customer owns: score(j) = Σ over own items i of weight_i B[i, j] + taste(j), with the item-item weights B
/// of <see cref="LocalRidge"/>. Taste is computed only for the candidates that B ranks highest; where B has not enough of them, for what B links with those, too, and only then for all items.
/// The own items come with each call, so a new one counts at once and new customers need no training; what a customer sent back or does not want
/// comes with a negative weight. Immutable; safe for any number of threads; a call allocates nothing once its buffers are warm.
/// </summary>
public sealed class ForYou
{
    /// <summary>Candidates whose taste is computed: a full scan would cost a hundred times as much.</summary>
    private const int CandidateCount = 500;

    /// <summary>So few items are all looked at where B has not enough candidates: that costs less than to look for more of them.</summary>
    private const int FewItems = 2_000;

    private readonly ScratchPool<ForYouScratch> _scratch;

    /// <param name="weights">Items × items, row = the item owned, column = the item recommended.</param>
    /// <param name="bestsellers">Fills the list where purchases say nothing.</param>
    /// <param name="taste">What global structure adds; null for nothing.</param>
    /// <exception cref="ArgumentException">They are about different numbers of items.</exception>
    public ForYou(IItemWeights weights, Bestsellers bestsellers, Taste? taste = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(bestsellers);
        if (weights.ItemCount != bestsellers.Ranking.Length)
        {
            throw new ArgumentException($"Weights are about {weights.ItemCount} items, bestsellers about {bestsellers.Ranking.Length}.");
        }

        if (taste is not null && taste.ItemCount != weights.ItemCount)
        {
            throw new ArgumentException($"Weights are about {weights.ItemCount} items, taste about {taste.ItemCount}.", nameof(taste));
        }

        (Weights, Bestsellers, Taste) = (weights, bestsellers, taste);
        _scratch = new ScratchPool<ForYouScratch>(() => new ForYouScratch(weights.ItemCount, taste));
    }

    private ForYou(ForYou other, IItemWeights weights) => (Weights, Bestsellers, Taste, _scratch) = (weights, other.Bestsellers, other.Taste, other._scratch);

    /// <summary>The same with other weights; both share their buffers.</summary>
    /// <exception cref="ArgumentException">They are about another number of items.</exception>
    public ForYou With(IItemWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return weights.ItemCount == ItemCount ? new ForYou(this, weights) : throw new ArgumentException($"Weights are about {weights.ItemCount} items, not {ItemCount}.", nameof(weights));
    }

    /// <summary>Items × items: what owning the row's item says about the column's item.</summary>
    public IItemWeights Weights { get; }

    /// <summary>What fills the list where purchases say nothing.</summary>
    public Bestsellers Bestsellers { get; }

    /// <summary>What global structure adds; null for nothing.</summary>
    public Taste? Taste { get; }

    /// <summary>Number of items.</summary>
    public int ItemCount => Weights.ItemCount;

    /// <summary>
    /// Fills <paramref name="results"/> with the best eligible items that are not owned, best first, and returns how many: all of them
    /// as long as there are eligible items left. Items with a score above 0 come first, then bestsellers, then items nobody bought yet.
    /// </summary>
    /// <param name="owned">The customer's distinct items; none of them is recommended.</param>
    /// <param name="weights">One finite weight per own item, or empty for 1 each: its value with decay, or below 0 where it speaks against what is like it.</param>
    /// <param name="eligible">The items that may be shown; null for all.</param>
    /// <param name="results">Filled from the front.</param>
    /// <exception cref="ArgumentException">The lengths differ, a weight is not finite, or an item is given twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An item is unknown to the model.</exception>
    public int Recommend(ReadOnlySpan<int> owned, ReadOnlySpan<float> weights, ItemSet? eligible, Span<Recommendation> results)
    {
        CheckOwned(owned, weights);
        var scratch = _scratch.Rent();
        try
        {
            MarkTaken(owned, eligible, scratch.Taken);
            AddWeights(owned, weights, scratch.Scores);
            TakeCandidates(owned, weights, scratch, Math.Min(results.Length, ItemCount));
            var count = TakeBest(scratch.Candidates, scratch.Taken, results);
            Explain(owned, weights, scratch, results[..count]);
            return FillUp(scratch.Taken, results, count);
        }
        finally
        {
            _scratch.Return(scratch);
        }
    }

    /// <summary>
    /// What each own item adds to an item's score, negative where owning it speaks against; whether or not the item is owned or recommended. The sum
    /// of the contributions is the score. The part of <see cref="ImplicitAls"/> depends on all own items together, as two alike share what they say.
    /// </summary>
    /// <param name="owned">The customer's distinct items.</param>
    /// <param name="weights">One weight per own item, or empty for 1 each.</param>
    /// <param name="item">The item recommended.</param>
    /// <param name="contributions">Filled; as long as <paramref name="owned"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a weight is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An item is unknown to the model.</exception>
    public void Contributions(ReadOnlySpan<int> owned, ReadOnlySpan<float> weights, int item, Span<float> contributions)
    {
        CheckOwned(owned, weights);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)item, (uint)ItemCount, nameof(item));
        ArgumentOutOfRangeException.ThrowIfNotEqual(contributions.Length, owned.Length, nameof(contributions));
        var scratch = _scratch.Rent();
        try
        {
            scratch.Taste?.MoveTo(owned, weights);
            SetContributions(owned, weights, scratch.Taste, item, contributions);
        }
        finally
        {
            _scratch.Return(scratch);
        }
    }

    private void CheckOwned(ReadOnlySpan<int> owned, ReadOnlySpan<float> weights)
    {
        if (!weights.IsEmpty && weights.Length != owned.Length)
        {
            throw new ArgumentException($"{owned.Length} own items but {weights.Length} weights.", nameof(weights));
        }

        foreach (var item in owned)
        {
            if ((uint)item >= (uint)ItemCount)
            {
                throw new ArgumentOutOfRangeException(nameof(owned), item, $"Items run from 0 to {ItemCount - 1}.");
            }
        }

        foreach (var weight in weights)
        {
            if (!float.IsFinite(weight))
            {
                throw new ArgumentException($"Weight {weight} is not finite.", nameof(weights));
            }
        }
    }

    private static void MarkTaken(ReadOnlySpan<int> owned, ItemSet? eligible, Span<bool> taken)
    {
        taken.Clear();
        foreach (var item in owned)
        {
            if (taken[item])
            {
                throw new ArgumentException($"Item {item} is given twice.", nameof(owned));
            }

            taken[item] = true;
        }

        for (var item = 0; eligible is not null && item < taken.Length; item++)
        {
            taken[item] |= !eligible.Contains(item);
        }
    }

    private void AddWeights(ReadOnlySpan<int> owned, ReadOnlySpan<float> weights, Span<float> scores)
    {
        scores.Clear();
        for (var i = 0; i < owned.Length; i++)
        {
            var weight = weights.IsEmpty ? 1 : weights[i];
            var row = Weights.RowOf(owned[i]);
            for (var at = 0; at < row.Items.Length; at++)
            {
                scores[row.Items[at]] += weight * row.Values[at];
            }
        }
    }

    private void TakeCandidates(ReadOnlySpan<int> owned, ReadOnlySpan<float> weights, ForYouScratch scratch, int listLength)
    {
        var candidates = scratch.Candidates;
        if (scratch.Taste is null || owned.IsEmpty)
        {
            candidates.Take(scratch.Scores, scratch.Taken, listLength);
            return;
        }

        candidates.Take(scratch.Scores, scratch.Taken, Math.Max(CandidateCount, listLength));
        if (candidates.Count < listLength)
        {
            if (ItemCount > FewItems)
            {
                Widen(owned, weights, scratch, Math.Max(CandidateCount, listLength));
            }

            if (candidates.Count < listLength)
            {
                candidates.TakeAll(scratch.Scores, scratch.Taken);
            }
        }

        scratch.Taste.MoveTo(owned, weights);
        for (var at = 0; at < candidates.Count; at++)
        {
            candidates.Scores[at] += scratch.Taste.Score(candidates.Items[at]);
        }
    }

    /// <summary>
    /// Adds what the weights link with the own items and with the candidates, the candidates of the beginning first, until there are enough: who owns little is
    /// near little, and what is near to that is where their taste is to be looked for.
    /// </summary>
    private void Widen(ReadOnlySpan<int> owned, ReadOnlySpan<float> weights, ForYouScratch scratch, int wanted)
    {
        var (candidates, taken) = (scratch.Candidates, scratch.Taken);
        foreach (var item in candidates.Items)
        {
            taken[item] = true;
        }

        for (var i = 0; i < owned.Length; i++)
        {
            if (weights.IsEmpty || weights[i] > 0)
            {
                Reach(owned[i]);
            }
        }

        for (var at = 0; at < candidates.Count && candidates.Count < wanted; at++)
        {
            Reach(candidates.Items[at]);
        }

        foreach (var item in candidates.Items)
        {
            taken[item] = false;
        }

        void Reach(int from)
        {
            var row = Weights.RowOf(from);
            for (var at = 0; at < row.Items.Length && candidates.Count < wanted; at++)
            {
                var item = row.Items[at];
                if (row.Values[at] > 0 && !taken[item])
                {
                    taken[item] = true;
                    candidates.Add(item, scratch.Scores[item]);
                }
            }
        }
    }

    /// <summary>Keeps the best in a sorted list that is as long as the results; most items fail the first comparison.</summary>
    private static int TakeBest(Candidates candidates, Span<bool> taken, Span<Recommendation> results)
    {
        var count = 0;
        var entry = 0f;
        for (var candidate = 0; candidate < candidates.Count && results.Length > 0; candidate++)
        {
            var score = candidates.Scores[candidate];
            if (!(score > entry))
            {
                continue;
            }

            var at = count < results.Length ? count++ : count - 1;
            for (; at > 0 && results[at - 1].Score < score; at--)
            {
                results[at] = results[at - 1];
            }

            results[at] = new Recommendation(candidates.Items[candidate], score, default);
            entry = count == results.Length ? results[count - 1].Score : 0;
        }

        foreach (var result in results[..count])
        {
            taken[result.Item] = true;
        }

        return count;
    }

    private void Explain(ReadOnlySpan<int> owned, ReadOnlySpan<float> weights, ForYouScratch scratch, Span<Recommendation> results)
    {
        var contributions = scratch.Contributions(owned.Length);
        foreach (ref var result in results)
        {
            SetContributions(owned, weights, scratch.Taste, result.Item, contributions);
            var reason = new Reason(ReasonCode.Purchases);
            for (var i = 0; i < owned.Length; i++)
            {
                if (contributions[i] > reason.FirstContribution)
                {
                    reason = new Reason(ReasonCode.Purchases, owned[i], contributions[i], reason.FirstItem, reason.FirstContribution);
                }
                else if (contributions[i] > reason.SecondContribution)
                {
                    reason = reason with { SecondItem = owned[i], SecondContribution = contributions[i] };
                }
            }

            result = result with { Reason = reason };
        }
    }

    private void SetContributions(ReadOnlySpan<int> owned, ReadOnlySpan<float> weights, TasteReader? taste, int item, Span<float> contributions)
    {
        for (var i = 0; i < owned.Length; i++)
        {
            contributions[i] = (weights.IsEmpty ? 1 : weights[i]) * Weights.RowOf(owned[i])[item];
        }

        if (!owned.IsEmpty)
        {
            taste?.AddContributions(owned, weights, item, contributions);
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
