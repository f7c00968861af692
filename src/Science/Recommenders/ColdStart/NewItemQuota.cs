using Wellmet.Science.Statistics;

namespace Wellmet.Science.Recommenders.ColdStart;

/// <summary>How a new product has done so far.</summary>
/// <param name="Item">Product index.</param>
/// <param name="Clicks">At most <paramref name="Impressions"/>.</param>
/// <param name="Impressions">How often it was shown.</param>
public readonly record struct NewItem(int Item, int Clicks, int Impressions);

/// <summary>How new products get their chance.</summary>
/// <param name="PlacesPerNew">One place of so many is a new product's.</param>
/// <param name="PriorClicks">Clicks of prior belief, at least 1.</param>
/// <param name="PriorMisses">Views without a click of prior belief, at least 1.</param>
public sealed record NewItemSettings(int PlacesPerNew = 20, double PriorClicks = 1, double PriorMisses = 30);

/// <summary>
/// Which new product gets the place that is kept for new ones: the one with the largest number drawn from Beta(clicks + 1, misses + 30)
/// (Thompson, "On the likelihood that one unknown probability exceeds another", Biometrika 1933), so that what nobody has seen is tried and what
/// nobody clicks is soon not. The same seed gives the same choice. Immutable; safe for any number of threads; calls allocate nothing.
/// </summary>
/// <param name="settings">Null for the defaults.</param>
public sealed class NewItemQuota(NewItemSettings? settings = null)
{
    private readonly NewItemSettings _settings = settings ?? new NewItemSettings();

    /// <summary>How many places of a list of a length are kept for new products.</summary>
    public int PlacesIn(int length) => length / _settings.PlacesPerNew;

    /// <summary>A seed that stays the same for a customer during a period, so that a page that is loaded again does not change.</summary>
    /// <param name="customer">Any number that is the customer's.</param>
    /// <param name="period">The number of the day, or of the visit.</param>
    public static ulong SeedOf(ulong customer, long period)
    {
        var state = customer ^ ((ulong)period * 0xD1B54A32D192ED03);
        return SeededRandom.NextBits(ref state);
    }

    /// <summary>Fills <paramref name="chosen"/> with distinct new items, the best drawn first, and returns how many.</summary>
    /// <param name="items">The new items.</param>
    /// <param name="eligible">The items that may be shown; null for all.</param>
    /// <param name="seed">See <see cref="SeedOf"/>.</param>
    /// <param name="chosen">Items with the numbers drawn for them.</param>
    public int Choose(ReadOnlySpan<NewItem> items, ItemSet? eligible, ulong seed, Span<Neighbour> chosen)
    {
        var count = 0;
        foreach (var item in items)
        {
            // Each item has a sequence of its own, so that another one's coming or going does not change its number.
            var state = seed ^ ((ulong)item.Item * 0x9E3779B97F4A7C15);
            state = SeededRandom.NextBits(ref state);
            var belief = new BetaDistribution(_settings.PriorClicks + item.Clicks, _settings.PriorMisses + item.Impressions - item.Clicks);
            var drawn = (float)Draw.Beta(belief, ref state);
            if ((eligible is null || eligible.Contains(item.Item)) && chosen.Length > 0 && (count < chosen.Length || drawn > chosen[count - 1].Score))
            {
                var at = count < chosen.Length ? count++ : count - 1;
                for (; at > 0 && chosen[at - 1].Score < drawn; at--)
                {
                    chosen[at] = chosen[at - 1];
                }

                chosen[at] = new Neighbour(item.Item, drawn);
            }
        }

        return count;
    }
}
