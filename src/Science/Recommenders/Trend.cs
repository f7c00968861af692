namespace Wellmet.Science.Recommenders;

/// <summary>How strongly a trend counts.</summary>
/// <param name="HalfLifeDays">What counts as recent.</param>
/// <param name="Strength">0 ignores the trend, 1 follows it fully.</param>
/// <param name="Prior">Recent orders of prior belief that an item sells as it always did.</param>
public sealed record TrendSettings(double HalfLifeDays = 14, double Strength = 0.5, double Prior = 2);

/// <summary>
/// Whether an item sells more or less than it used to: factor = ((recent + prior) / (expected + prior))^strength, where "recent" are its
/// orders with recency weights and "expected" is the same total shared out by all-time orders. 1 means unchanged; items gone out of
/// season or out of the range fall below 1. Without times every factor is 1.
/// </summary>
public static class Trend
{
    /// <summary>One factor per item, above 0.</summary>
    public static float[] Factors(Interactions interactions, TrendSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(interactions);
        settings ??= new TrendSettings();
        var recent = OrdersPerItem(interactions, settings.HalfLifeDays);
        var ever = OrdersPerItem(interactions, double.PositiveInfinity);
        var share = recent.Sum() / Math.Max(1, ever.Sum());
        return [.. recent.Zip(ever, (now, all) => (float)Math.Pow((now + settings.Prior) / (all * share + settings.Prior), settings.Strength))];
    }

    /// <summary>Orders with the item, each weighted by <see cref="Recency"/> as of the latest order; those of unknown customers included.</summary>
    internal static double[] OrdersPerItem(Interactions interactions, double halfLifeDays)
    {
        var counts = new double[interactions.ItemCount];
        for (var order = 0; order < interactions.OrderCount; order++)
        {
            var weight = Recency.Weight(interactions.OrderTimes[order], interactions.LatestTime, halfLifeDays);
            foreach (var item in interactions.Orders.Columns(order))
            {
                counts[item] += weight;
            }
        }

        return counts;
    }
}
