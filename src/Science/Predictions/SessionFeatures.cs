namespace Wellmet.Science.Predictions;

/// <summary>
/// What is known of a visit while it runs: only what has happened up to now. To learn from ended visits, take each as it stood at some moments within,
/// never as it ended, or the model learns what only the end tells.
/// </summary>
/// <param name="Seconds">Since the first page.</param>
/// <param name="SecondsOnPage">Mean per page so far; NaN before the second page.</param>
/// <param name="ProductViews">Pages of products.</param>
/// <param name="DistinctProducts">Of them, different ones.</param>
/// <param name="ListViews">Categories and start page.</param>
/// <param name="Searches">Search results.</param>
/// <param name="OtherViews">Help, account, terms and the like.</param>
/// <param name="BasketAdds">Put into the basket.</param>
/// <param name="BasketRemovals">Taken out again.</param>
/// <param name="BasketMinor">What lies in it, in the currency's minor unit.</param>
/// <param name="CheckoutStarted">The checkout was opened.</param>
/// <param name="Returning">Was here before; null where it is not known, for example without consent.</param>
/// <param name="EarlierOrders">Null where it is not known.</param>
/// <param name="Hour">Of the shop's day, 0 to 23.</param>
/// <param name="Weekday">Of the shop's day.</param>
public sealed record SessionFeatures(
    double Seconds, double SecondsOnPage, int ProductViews, int DistinctProducts, int ListViews, int Searches, int OtherViews,
    int BasketAdds, int BasketRemovals, long BasketMinor, bool CheckoutStarted, bool? Returning, int? EarlierOrders, int Hour, DayOfWeek Weekday)
{
    /// <summary>The columns, in the order of <see cref="ToRow"/>.</summary>
    public static readonly IReadOnlyList<Feature> Columns =
    [
        Feature.Numeric("seconds"), Feature.Numeric("seconds_on_page"), Feature.Numeric("product_views"), Feature.Numeric("distinct_products"), Feature.Numeric("list_views"),
        Feature.Numeric("searches"), Feature.Numeric("other_views"), Feature.Numeric("basket_adds"), Feature.Numeric("basket_removals"), Feature.Numeric("basket_minor"),
        Feature.Numeric("checkout_started"), Feature.Numeric("returning"), Feature.Numeric("earlier_orders"), Feature.Numeric("hour"),
        Feature.Categorical("weekday", Enum.GetNames<DayOfWeek>()),
    ];

    /// <summary>The row for a model with <see cref="Columns"/>.</summary>
    public double[] ToRow() =>
    [
        Seconds, SecondsOnPage, ProductViews, DistinctProducts, ListViews,
        Searches, OtherViews, BasketAdds, BasketRemovals, BasketMinor,
        CheckoutStarted ? 1 : 0, Returning is { } returning ? returning ? 1 : 0 : double.NaN, EarlierOrders ?? double.NaN, Hour, (int)Weekday,
    ];
}

/// <summary>A visit as it stood at a moment, and whether an order came of it afterwards.</summary>
public readonly record struct SessionExample(SessionFeatures Features, bool Ordered);
