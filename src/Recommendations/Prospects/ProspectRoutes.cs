using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Ui;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Predictions;
using Wellmet.Recommendations.Studio;

namespace Wellmet.Recommendations.Prospects;

/// <summary>What the address of the list asks for.</summary>
/// <param name="Least">The lowest chance, in percent.</param>
public sealed record ProspectsQuery(int? Least, string? Type, string? After, string? Before)
{
    internal ListProspects.Request List => new(Least ?? 0, Type, After, Before);
}

/// <summary>Customers who may buy soon, as the console shows them.</summary>
internal static class ProspectRoutes
{
    public const string Path = StudioRoutes.Path + "/prospects";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Path, async ([AsParameters] ProspectsQuery query, ListProspects list, PredictionStore store, CancellationToken ct) =>
            Html.Page<ProspectsPage>(new { Page = await list.RunAsync(query.List, ct), Card = await store.CardAsync(ct), query.Least, query.Type })).RequirePermission(RecommendationsPermissions.Predictions);
        app.MapGet(Path + ".csv", ([AsParameters] ProspectsQuery query, ExportProspects export, CancellationToken ct) =>
            Results.Stream(stream => export.RunAsync(query.List, stream, ct), "text/csv; charset=utf-8", "prospects.csv")).RequirePermission(CustomersPermissions.Export);
        app.MapGet(Path + "/card", async (PredictionStore store, CancellationToken ct) =>
            Html.Part<PredictionCardPart>(new { Card = await store.CardAsync(ct) })).RequirePermission(RecommendationsPermissions.Predictions);
        app.MapPost(Path, (RequestPredictions request) =>
        {
            request.Run();
            return Results.LocalRedirect(Path);
        }).RequirePermission(RecommendationsPermissions.Train);
    }
}
