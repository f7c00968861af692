using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Models;
using Wellmet.Science.Predictions;
using Wellmet.Science.Products;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Clocks;

namespace Wellmet.Recommendations.Predictions;

/// <summary>What the chance of an order is read from: how long ago, how often, in what rhythm and for how much somebody bought, what came back, what they look at, what they use up.</summary>
internal static class BuyerFeatures
{
    public const int SecondsPerDay = 86_400, LatelyDays = 30;

    private const int QuarterDays = 90;

    /// <summary>One for each <see cref="ChanceSign"/>, in its order.</summary>
    public static readonly IReadOnlyList<Feature> Columns = [.. Enum.GetValues<ChanceSign>().Select(sign => Feature.Numeric(EnumText.Of(sign)))];

    /// <summary>The customer as they stood at a time, or null where they had bought nothing (or kept nothing) before it.</summary>
    /// <param name="at">Seconds since 1970-01-01 UTC; nothing later is looked at.</param>
    /// <param name="clocks">When what they have is used up.</param>
    public static double[]? Of(BuyerHistory history, long at, ShopModel model, RepurchaseClocks clocks)
    {
        var kept = history.KeptBefore(at);
        if (kept.Count == 0)
        {
            return null;
        }
        var times = kept.Select(k => (k.Order, k.Time)).Distinct().Select(o => o.Time).ToList();
        var (first, last, orders) = (DaysSince(times[0]), DaysSince(times[^1]), times.Count);
        var rhythm = orders < 2 ? double.NaN : Math.Max(1, first - last) / (orders - 1);
        var valued = kept.Where(k => k.AmountMinor > 0).ToList();
        var (ordered, back) = history.PiecesBefore(at);
        var (looks, baskets, lastLook) = history.InterestBefore(at);
        var needs = NeedsOf(history.Lines(kept, model), clocks, at);
        return
        [
            last, orders, times.Count(t => DaysSince(t) < QuarterDays), first, rhythm, last / rhythm,
            valued.Count == 0 ? double.NaN : valued.Sum(k => (double)k.AmountMinor) / valued.Select(k => k.Order).Distinct().Count(),
            back / ordered, looks, baskets, lastLook, needs.Count == 0 ? double.NaN : (needs[0].Expected - at) / (double)SecondsPerDay,
        ];

        double DaysSince(long time) => (at - time) / (double)SecondsPerDay;
    }

    /// <summary>
    /// What somebody uses up and will want again, the earliest first: of each type the product that they bought last, and what they bought on three days or more. What is later than nine in ten come
    /// back is given up.
    /// </summary>
    public static List<Replenishment> NeedsOf(PastPurchase[] lines, RepurchaseClocks clocks, long at)
    {
        var needs = new Dictionary<int, Replenishment>();
        foreach (var item in lines.Where(l => !l.IsGift).Select(l => l.Item).Distinct())
        {
            if (clocks.TryPredictItem(item, lines, out var need))
            {
                // Whatever has no type is a type of its own, below those that there are.
                var key = clocks.Types.Of(item) is var type && type == TypeTree.None ? TypeTree.None - 1 - item : type;
                needs[key] = needs.TryGetValue(key, out var other) && other.Last >= need.Last ? other : need;
            }
        }
        return [.. needs.Values.Where(n => n.Latest >= at).OrderBy(n => n.Expected).ThenBy(n => n.Item)];
    }
}
