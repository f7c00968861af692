using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform.Access;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Ui;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Models;

namespace Wellmet.Recommendations.Studio;

[Uses(Purpose.Service, "shows staff whose recommendations they look at")]
internal static class StudioRoutes
{
    public const string Path = "/console/recommendations";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Path, ShowAsync).RequirePermission(RecommendationsPermissions.Read);
        app.MapGet(Path + "/model", (ModelStore models, TrainingStatus status) =>
            Html.Part<ModelState>(new { models.Current?.Card, Status = status })).RequirePermission(RecommendationsPermissions.Read);
        app.MapPost(Path + "/train", TrainAsync).RequirePermission(RecommendationsPermissions.Train);
    }

    private static async Task<IResult> ShowAsync(
        string? q, Guid? product, Guid? customer, FindSubject find, ShowRecommendations show, HttpContext http, CancellationToken ct) =>
        Html.Page<RecommendationsConsole>(new
        {
            Found = string.IsNullOrWhiteSpace(q) ? null : await find.RunAsync(q, ct),
            Product = product is { } p ? await show.ProductAsync(p, ct) : null,
            Customer = product is null && customer is { } c ? await show.CustomerAsync(c, ct) : null,
        });

    private static async Task<IResult> TrainAsync(RequestTraining request, CancellationToken ct)
    {
        await request.RunAsync(ct);
        return Results.LocalRedirect(Path);
    }
}
