using System.Buffers;
using Wellmet.Science.Products;

namespace Wellmet.Science.Recommenders.Diversity;

/// <summary>
/// Puts candidates into an order that is good and varied: maximal marginal relevance (Carbonell and Goldstein, "The use of MMR, diversity-based
/// reranking for reordering documents and producing summaries", SIGIR 1998), next = argmax μ score / best score - (1 - μ) max likeness to what stands there,
/// within limits per type and brand and with a floor of products that few know. Where the limits would leave places empty, they give way: first the floor, then the limits.
/// Immutable; safe for any number of threads; a call rents its buffers and allocates nothing once they are warm.
/// </summary>
/// <param name="traits">Types, brands, the long tail.</param>
/// <param name="similarity">How alike items are, such as their texts; null for likeness by type and brand.</param>
/// <param name="settings">Null for the defaults.</param>
public sealed class DiversityReranker(ItemTraits traits, IItemSimilarity? similarity = null, DiversitySettings? settings = null)
{
    private readonly IItemSimilarity _similarity = similarity ?? traits;
    private readonly DiversitySettings _settings = settings ?? new DiversitySettings();

    /// <summary>Fills <paramref name="order"/> with places in <paramref name="candidates"/> and returns how many: all there is room for. Time: candidates × results × window.</summary>
    /// <param name="candidates">Distinct items with scores, best first; a score below 0 counts as 0. Several times as many as wanted.</param>
    /// <param name="order">Indexes into the candidates, in the order of the list.</param>
    public int Rerank(ReadOnlySpan<Neighbour> candidates, Span<int> order)
    {
        var likenessBuffer = ArrayPool<float>.Shared.Rent(candidates.Length);
        var takenBuffer = ArrayPool<bool>.Shared.Rent(candidates.Length);
        try
        {
            var likeness = likenessBuffer.AsSpan(0, candidates.Length);
            var taken = takenBuffer.AsSpan(0, candidates.Length);
            likeness.Clear();
            taken.Clear();
            return Fill(candidates, order, likeness, taken);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(likenessBuffer);
            ArrayPool<bool>.Shared.Return(takenBuffer);
        }
    }

    private int Fill(ReadOnlySpan<Neighbour> candidates, Span<int> order, Span<float> likeness, Span<bool> taken)
    {
        var (wanted, tailCount) = (Math.Min(order.Length, candidates.Length), 0);
        var best = 0f;
        foreach (var candidate in candidates)
        {
            best = Math.Max(best, candidate.Score);
        }

        var view = new View(candidates, likeness, taken, best > 0 ? 1 / best : 0);
        for (var count = 0; count < wanted; count++)
        {
            var window = order[Math.Max(0, count - _settings.Window + 1)..count];
            var needsTail = traits.Tail is not null && tailCount < (int)(_settings.LongTailFloor * (count + 1));
            var next = needsTail ? Next(view, window, tailOnly: true, limited: true) : -1;
            next = next < 0 ? Next(view, window, tailOnly: false, limited: true) : next;
            next = next < 0 ? Next(view, window, tailOnly: false, limited: false) : next;
            order[count] = next;
            taken[next] = true;
            tailCount += traits.Tail?.Contains(candidates[next].Item) == true ? 1 : 0;
            for (var at = 0; at < candidates.Length; at++)
            {
                likeness[at] = taken[at] ? likeness[at] : Math.Max(likeness[at], _similarity.Between(candidates[at].Item, candidates[next].Item));
            }
        }

        return wanted;
    }

    /// <summary>The best candidate that is left, the first of equals; -1 where none is allowed.</summary>
    private int Next(View view, ReadOnlySpan<int> window, bool tailOnly, bool limited)
    {
        var (next, highest) = (-1, float.NegativeInfinity);
        for (var at = 0; at < view.Candidates.Length; at++)
        {
            if (view.Taken[at])
            {
                continue;
            }

            var item = view.Candidates[at].Item;
            var value = (_settings.Relevance * Math.Max(0, view.Candidates[at].Score) * view.Scale) - ((1 - _settings.Relevance) * view.Likeness[at]);
            if (value > highest && (!tailOnly || traits.Tail!.Contains(item)) && (!limited || HasRoom(item, view.Candidates, window)))
            {
                (next, highest) = (at, value);
            }
        }

        return next;
    }

    private bool HasRoom(int item, ReadOnlySpan<Neighbour> candidates, ReadOnlySpan<int> window)
    {
        var (type, brand) = (traits.Types.Of(item), traits.BrandOf(item));
        var (ofType, ofBrand) = (0, 0);
        foreach (var at in window)
        {
            ofType += type != TypeTree.None && traits.Types.Of(candidates[at].Item) == type ? 1 : 0;
            ofBrand += brand != ItemTraits.NoBrand && traits.BrandOf(candidates[at].Item) == brand ? 1 : 0;
        }

        return ofType < _settings.PerType && ofBrand < _settings.PerBrand;
    }

    private readonly ref struct View(ReadOnlySpan<Neighbour> candidates, ReadOnlySpan<float> likeness, ReadOnlySpan<bool> taken, float scale)
    {
        public ReadOnlySpan<Neighbour> Candidates { get; } = candidates;

        public ReadOnlySpan<float> Likeness { get; } = likeness;

        public ReadOnlySpan<bool> Taken { get; } = taken;

        public float Scale { get; } = scale;
    }
}
