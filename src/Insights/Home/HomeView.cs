namespace Wellmet.Insights.Home;

/// <summary>Everything the home page shows of a period.</summary>
/// <param name="Previous">Null where there is no period to compare with.</param>
/// <param name="PreviousSeries">Empty where there is no period to compare with.</param>
public sealed record HomeView(
    HomeChoice Choice, Figures Figures, Figures? Previous, IReadOnlyList<SeriesPoint> Series, IReadOnlyList<SeriesPoint> PreviousSeries,
    IReadOnlyList<ProductSales> Products, IReadOnlyList<CountrySales> Countries);
