namespace Wellmet.Insights.Home;

/// <summary>The home page: the figures of a period, of the one before it, and what stands behind them.</summary>
public sealed class ShowHome(ChoosePeriod choose, ReadFigures figures, ReadSeries series, TopProducts products, TopCountries countries)
{
    private const int Top = 10;

    /// <returns>Null where there is no sale yet.</returns>
    /// <exception cref="Platform.ProblemException">See <see cref="ChoosePeriod.RunAsync"/>.</exception>
    public async Task<HomeView?> RunAsync(HomeQuery query, CancellationToken ct)
    {
        if (await choose.RunAsync(query, ct) is not { } choice)
        {
            return null;
        }
        var scope = choice.Scope;
        var before = choice.Period.Previous is { } days ? scope with { Range = days } : null;
        return new HomeView(choice,
            await figures.RunAsync(scope, ct), before is null ? null : await figures.RunAsync(before, ct),
            await series.RunAsync(scope, choice.Period.By, ct), before is null ? [] : await series.RunAsync(before, choice.Period.By, ct),
            await products.RunAsync(scope, Top, ct), await countries.RunAsync(scope, Top, ct));
    }
}
