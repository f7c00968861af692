namespace Wellmet.Science.Lifecycles;

/// <summary>Where a customer stands.</summary>
public enum LifecycleStage
{
    /// <summary>Never bought.</summary>
    Prospect,

    /// <summary>Bought once, and it is not time for the second purchase yet.</summary>
    FirstTimeBuyer,

    /// <summary>Bought several times, and is not late.</summary>
    Active,
    AtRisk,
    Lapsed,
    Lost,
}

/// <summary>
/// How often somebody buys, and what their silence means by it. Purchases come at random at the customer's own rate (the Poisson purchases of Ehrenberg 1959 and of Schmittlein, Morrison and Colombo 1987), so
/// the time between two is exponential, and the chance that it lasts longer than x times its median is 2^-x. At risk is a silence longer than 2 medians (one gap in four is), lapsed one longer than 4 (one in 16),
/// lost one longer than 8 (one in 256).
/// <para>
/// The median of few gaps says little, so it is drawn towards the shop's as if that had been seen <see cref="PriorGaps"/> times: <c>exp((n ln own + k ln shop) / (n + k))</c>, with n gaps of one's own. On logarithms, because gaps
/// differ by factors. Who bought once has the shop's.
/// </para>
/// </summary>
public static class PurchaseRhythm
{
    /// <summary>How many gaps of one's own the shop's rhythm weighs as much as.</summary>
    public const double PriorGaps = 2;

    /// <summary>Days; of a shop where fewer than <see cref="FewestBuyers"/> bought again.</summary>
    public const double UnknownShop = 90;

    public const int FewestBuyers = 10;

    /// <summary>Orders less than a day after the first of a purchase belong to that purchase.</summary>
    public const double OnePurchase = 1;

    public const double AtRisk = 2, Lapsed = 4, Lost = 8;

    /// <param name="days">When orders were placed, in days, in order.</param>
    /// <returns>The purchases: the first order of each.</returns>
    public static IReadOnlyList<double> Purchases(IEnumerable<double> days)
    {
        ArgumentNullException.ThrowIfNull(days);
        var purchases = new List<double>();
        foreach (var day in days)
        {
            if (purchases.Count == 0 || day - purchases[^1] >= OnePurchase)
            {
                purchases.Add(day);
            }
        }
        return purchases;
    }

    /// <returns>Days between two purchases; null below two purchases.</returns>
    public static double? MedianGap(IReadOnlyList<double> purchases)
    {
        ArgumentNullException.ThrowIfNull(purchases);
        return purchases.Count < 2 ? null : Median([.. purchases.Skip(1).Zip(purchases, (later, earlier) => later - earlier)]);
    }

    /// <summary>The shop's rhythm in days: the median of its customers' medians, each counting once.</summary>
    /// <param name="medians">Of those who bought again.</param>
    public static double OfShop(IReadOnlyList<double> medians)
    {
        ArgumentNullException.ThrowIfNull(medians);
        return medians.Count < FewestBuyers ? UnknownShop : Median([.. medians]);
    }

    /// <summary>Days that usually pass until the customer's next purchase.</summary>
    /// <param name="median">Of their own gaps; null for none.</param>
    public static double Expected(double? median, int gaps, double shop) =>
        median is { } own && gaps > 0 ? Math.Exp((gaps * Math.Log(own) + PriorGaps * Math.Log(shop)) / (gaps + PriorGaps)) : shop;

    /// <param name="silence">Days since the last purchase.</param>
    /// <param name="expected">Of <see cref="Expected"/>.</param>
    public static LifecycleStage StageOf(int purchases, double silence, double expected) => purchases == 0 ? LifecycleStage.Prospect
        : (silence / expected) switch
        {
            > Lost => LifecycleStage.Lost,
            > Lapsed => LifecycleStage.Lapsed,
            > AtRisk => LifecycleStage.AtRisk,
            _ => purchases == 1 ? LifecycleStage.FirstTimeBuyer : LifecycleStage.Active,
        };

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values.Length % 2 == 1 ? values[values.Length / 2] : (values[values.Length / 2 - 1] + values[values.Length / 2]) / 2;
    }
}
