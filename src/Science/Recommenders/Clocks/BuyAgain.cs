using Wellmet.Science.Products;

namespace Wellmet.Science.Recommenders.Clocks;

/// <summary>Something to buy again.</summary>
/// <param name="Score">Only comparable inside one list.</param>
/// <param name="Next">When it will be wanted.</param>
public readonly record struct AgainItem(float Score, Replenishment Next)
{
    /// <summary>Product index.</summary>
    public int Item => Next.Item;
}

/// <summary>How past orders fade.</summary>
/// <param name="GroupSize">Orders per group.</param>
/// <param name="GroupDecay">Weight of a group against the next later one.</param>
/// <param name="WithinDecay">Weight of an order against the next later one of its group.</param>
public sealed record BuyAgainSettings(int GroupSize = 3, double GroupDecay = 0.7, double WithinDecay = 0.9);

/// <summary>
/// What somebody has bought and will want again, best first: the sum over the orders with the item of group decay^group × within decay^place,
/// counted back from the latest order (the personal part of TIFU-KNN, Hu et al., "Modeling personalized item frequency information for
/// next-basket recommendation", SIGIR 2020), times the clock's availability. Only what is used up, and what this customer bought on three days or more.
/// Immutable; safe for any number of threads; calls allocate nothing.
/// </summary>
/// <param name="clocks">The types' rhythms.</param>
/// <param name="settings">Null for the defaults.</param>
public sealed class BuyAgain(RepurchaseClocks clocks, BuyAgainSettings? settings = null)
{
    private readonly BuyAgainSettings _settings = settings ?? new BuyAgainSettings();

    /// <summary>Fills <paramref name="results"/> from the front and returns how many there are. Time: lines squared.</summary>
    /// <param name="history">The customer's lines, earliest first, an order's lines together.</param>
    /// <param name="now">Seconds since 1970-01-01 UTC.</param>
    /// <param name="eligible">The items that may be shown; null for all.</param>
    /// <param name="results">Filled, the best first.</param>
    public int Rank(ReadOnlySpan<PastPurchase> history, long now, ItemSet? eligible, Span<AgainItem> results)
    {
        var count = 0;
        for (var at = 0; at < history.Length && results.Length > 0; at++)
        {
            var item = history[at].Item;
            if (IsFirstOfItsItem(history, at) && (eligible is null || eligible.Contains(item)) && clocks.TryPredictItem(item, history, out var next))
            {
                var score = Frequency(item, history) * Availability(item, history, now);
                count = score > 0 ? Insert(new AgainItem((float)score, next), results, count) : count;
            }
        }

        return count;
    }

    private static bool IsFirstOfItsItem(ReadOnlySpan<PastPurchase> history, int at)
    {
        foreach (ref readonly var earlier in history[..at])
        {
            if (earlier.Item == history[at].Item)
            {
                return false;
            }
        }

        return true;
    }

    private double Frequency(int item, ReadOnlySpan<PastPurchase> history)
    {
        var (sum, place, counted) = (0.0, -1, -1);
        for (var at = history.Length - 1; at >= 0; at--)
        {
            place += at == history.Length - 1 || history[at].Order != history[at + 1].Order ? 1 : 0;
            if (history[at].Item == item && !history[at].IsGift && counted != place)
            {
                sum += Math.Pow(_settings.GroupDecay, place / _settings.GroupSize) * Math.Pow(_settings.WithinDecay, place % _settings.GroupSize);
                counted = place;
            }
        }

        return sum;
    }

    /// <summary>By the type's last purchase, whichever item it was, where the type is used up; else by the item's own.</summary>
    private double Availability(int item, ReadOnlySpan<PastPurchase> history, long now)
    {
        var clock = clocks.ClockOfItem(item);
        var days = clock.Kind == ProductKind.Consumable
            ? clocks.DaysOfType(clocks.Types.Of(item), history)
            : RepurchaseClocks.DaysOfItem(item, history, clock.Stretch);
        return clocks.Availability(ProductKind.Consumable, clocks.IntervalOf(clock, days), (now - days.LastTime) / PurchaseDays.SecondsPerDay);
    }

    private static int Insert(AgainItem candidate, Span<AgainItem> results, int count)
    {
        if (count == results.Length && !IsBetter(candidate, results[count - 1]))
        {
            return count;
        }

        var at = count < results.Length ? count++ : count - 1;
        for (; at > 0 && IsBetter(candidate, results[at - 1]); at--)
        {
            results[at] = results[at - 1];
        }

        results[at] = candidate;
        return count;
    }

    private static bool IsBetter(AgainItem a, AgainItem b) => a.Score > b.Score || (a.Score == b.Score && a.Item < b.Item);
}
