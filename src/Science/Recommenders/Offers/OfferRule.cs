using Wellmet.Science.Products;
using Wellmet.Science.Recommenders.Types;

namespace Wellmet.Science.Recommenders.Offers;

/// <summary>What a product is to one in the basket.</summary>
public enum OfferKind
{
    /// <summary>Neither.</summary>
    None = 0,

    /// <summary>Goes with it.</summary>
    CrossSell = 1,

    /// <summary>A better one of the same type, a little dearer.</summary>
    Upsell = 2,
}

/// <summary>What counts as an offer.</summary>
public sealed record OfferSettings
{
    /// <summary>An accessory costs at most so many times as much as what it goes with.</summary>
    public double MaxAccessoryPrice { get; init; } = 1.2;

    /// <summary>A better model costs at least so many times as much: less is an alternative, no step.</summary>
    public double MinStep { get; init; } = 1.05;

    /// <summary>A better model costs at most so many times as much.</summary>
    public double MaxStep { get; init; } = 1.5;

    /// <summary>How much better it is, at least; see <see cref="ItemQuality.Of"/>.</summary>
    public double MinGain { get; init; } = 0.05;
}

/// <summary>
/// Tells cross-sell from upsell, for a product in the basket. An upsell is of the same type, a price step dearer, better in all, and approved by customers
/// no less: a price alone makes nothing better. Both prices must be known. Immutable; safe for any number of threads; calls allocate nothing.
/// </summary>
/// <param name="quality">How good the items are, and their types and prices.</param>
/// <param name="relations">Which types go together.</param>
/// <param name="settings">Null for the defaults.</param>
public sealed class OfferRule(ItemQuality quality, TypeRelations relations, OfferSettings? settings = null)
{
    private readonly OfferSettings _settings = settings ?? new OfferSettings();
    private readonly ItemTypes _types = quality.Types;
    private readonly int[][] _items = ItemsByType(quality.Types);

    /// <summary>What a candidate is to an item in the basket.</summary>
    /// <param name="inBasket">Product index.</param>
    /// <param name="candidate">Product index.</param>
    public OfferKind KindOf(int inBasket, int candidate)
    {
        var (type, other) = (_types.Of(inBasket), _types.Of(candidate));
        var (price, otherPrice) = (quality.PriceOf(inBasket), quality.PriceOf(candidate));
        if (inBasket == candidate || type == TypeTree.None || price <= 0 || otherPrice <= 0)
        {
            return OfferKind.None;
        }

        if (type == other)
        {
            return IsStep(price, otherPrice) && IsBetter(inBasket, candidate) ? OfferKind.Upsell : OfferKind.None;
        }

        return relations.LabelOf(type, other) == TypeLabel.Complement && otherPrice <= _settings.MaxAccessoryPrice * price ? OfferKind.CrossSell : OfferKind.None;
    }

    /// <summary>The better models, the largest gain in quality first; returns how many. Time: items of the type × results.</summary>
    /// <param name="inBasket">Product index.</param>
    /// <param name="eligible">The items that may be shown; null for all.</param>
    /// <param name="results">Items with their gain, filled from the front.</param>
    public int Upsells(int inBasket, ItemSet? eligible, Span<Neighbour> results)
    {
        var count = 0;
        foreach (var candidate in _types.Of(inBasket) is var type and not TypeTree.None ? _items[type] : [])
        {
            var gain = quality.Of(candidate) - quality.Of(inBasket);
            if (results.Length == 0 || (count == results.Length && gain <= results[count - 1].Score)
                || eligible?.Contains(candidate) == false || KindOf(inBasket, candidate) != OfferKind.Upsell)
            {
                continue;
            }

            var at = count < results.Length ? count++ : count - 1;
            for (; at > 0 && results[at - 1].Score < gain; at--)
            {
                results[at] = results[at - 1];
            }

            results[at] = new Neighbour(candidate, gain);
        }

        return count;
    }

    /// <summary>What goes with an item, of types that are not in the basket yet, best first; returns how many.</summary>
    /// <param name="inBasket">Product index.</param>
    /// <param name="basket">All items in the basket.</param>
    /// <param name="complements">From <see cref="ComplementItemsLearner"/>.</param>
    /// <param name="eligible">The items that may be shown; null for all.</param>
    /// <param name="results">Filled from the front.</param>
    public int CrossSells(int inBasket, ReadOnlySpan<int> basket, Neighbours complements, ItemSet? eligible, Span<Neighbour> results)
    {
        var count = 0;
        foreach (var candidate in complements.Of(inBasket))
        {
            if (count < results.Length && eligible?.Contains(candidate.Item) != false && !HasType(basket, _types.Of(candidate.Item))
                && KindOf(inBasket, candidate.Item) == OfferKind.CrossSell)
            {
                results[count++] = candidate;
            }
        }

        return count;
    }

    private static int[][] ItemsByType(ItemTypes types)
    {
        var items = Enumerable.Range(0, types.ItemCount).ToLookup(types.Of);
        return [.. Enumerable.Range(0, types.TypeCount).Select(type => items[type].ToArray())];
    }

    private bool IsStep(long price, long otherPrice) => otherPrice >= _settings.MinStep * price && otherPrice <= _settings.MaxStep * price;

    private bool IsBetter(int inBasket, int candidate) =>
        quality.ApprovalOf(candidate) >= quality.ApprovalOf(inBasket) && quality.Of(candidate) - quality.Of(inBasket) >= _settings.MinGain;

    private bool HasType(ReadOnlySpan<int> basket, int type)
    {
        foreach (var item in basket)
        {
            if (_types.Of(item) == type)
            {
                return true;
            }
        }

        return false;
    }
}
