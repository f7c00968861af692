using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wellmet.Insights.Contract;
using Wellmet.Insights.Rollups;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Ui;

namespace Wellmet.Insights.Home;

/// <summary>The addresses of the home page and of its tables as CSV.</summary>
internal static class HomeRoutes
{
    public const string Path = "/console";
    public const string SeriesCsv = "/console/insights/series.csv";
    public const string ProductsCsv = "/console/insights/products.csv";
    public const string CountriesCsv = "/console/insights/countries.csv";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Path, HomeAsync).RequireSignIn();
        app.MapGet(SeriesCsv, async ([AsParameters] HomeQuery query, ExportHome export, CancellationToken ct) =>
            Csv("series.csv", await export.SeriesAsync(query, ct))).RequirePermission(InsightsPermissions.Read);
        app.MapGet(ProductsCsv, async ([AsParameters] HomeQuery query, ExportHome export, CancellationToken ct) =>
            Csv("products.csv", await export.ProductsAsync(query, ct))).RequirePermission(InsightsPermissions.Read);
        app.MapGet(CountriesCsv, async ([AsParameters] HomeQuery query, ExportHome export, CancellationToken ct) =>
            Csv("countries.csv", await export.CountriesAsync(query, ct))).RequirePermission(InsightsPermissions.Read);
    }

    /// <summary>A period that cannot be read is named on the page, above the figures of the usual one.</summary>
    private static async Task<IResult> HomeAsync([AsParameters] HomeQuery query, ShowHome show, CountSales count, CurrentActor actor, CancellationToken ct)
    {
        if (!actor.May(InsightsPermissions.Read))
        {
            return Html.Page<RoleHome>();
        }
        var waiting = await count.WaitingAsync(ct);
        try
        {
            return Html.Page<HomePage>(new { View = await show.RunAsync(query, ct), Waiting = waiting });
        }
        catch (ProblemException problem) when (problem.Status < StatusCodes.Status500InternalServerError)
        {
            return Html.Page<HomePage>(new { View = await show.RunAsync(new HomeQuery(), ct), Waiting = waiting, Problem = problem }, problem.Status);
        }
    }

    private static IResult Csv(string name, byte[] content) => Results.File(content, "text/csv; charset=utf-8", name);
}
