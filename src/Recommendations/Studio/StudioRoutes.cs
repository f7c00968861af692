using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform.Access;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Ui;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Models;
using Wellmet.Recommendations.Quality;

namespace Wellmet.Recommendations.Studio;

[Uses(Purpose.Service, "shows staff whose recommendations they look at")]
internal static class StudioRoutes
{
    public const string Path = "/console/recommendations";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Path, ShowAsync).RequirePermission(RecommendationsPermissions.Read);
        app.MapGet(Path + "/model", async (ModelStore models, ModelVersions versions, HeldModel held, TrainingStatus status, CancellationToken ct) =>
            Html.Part<ModelState>(new { models.Current?.Card, Status = status, Held = await held.DayAsync(ct), Versions = versions.All() })).RequirePermission(RecommendationsPermissions.Read);
        app.MapPost(Path + "/hold", HoldAsync).RequirePermission(RecommendationsPermissions.Train);
        app.MapPost(Path + "/train", TrainAsync).RequirePermission(RecommendationsPermissions.Train);
    }

    private static async Task<IResult> ShowAsync(
        string? q, Guid? product, Guid? customer, FindSubject find, ShowRecommendations show, QualityStore quality, ModelVersions versions, HeldModel held, CancellationToken ct) =>
        Html.Page<RecommendationsConsole>(new
        {
            Reports = await quality.AllAsync(ct),
            Held = await held.DayAsync(ct),
            Versions = versions.All(),
            Found = string.IsNullOrWhiteSpace(q) ? null : await find.RunAsync(q, ct),
            Product = product is { } p ? await show.ProductAsync(p, ct) : null,
            Customer = product is null && customer is { } c ? await show.CustomerAsync(c, ct) : null,
        });

    private static async Task<IResult> TrainAsync(RequestTraining request, CancellationToken ct)
    {
        await request.RunAsync(ct);
        return Results.LocalRedirect(Path);
    }

    private static async Task<IResult> HoldAsync([FromForm] DateOnly day, HoldModel hold, CancellationToken ct)
    {
        await hold.RunAsync(day, ct);
        return Results.LocalRedirect(Path);
    }
}
