using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform.Access;
using Wellmet.Platform.Ui;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Studio;

namespace Wellmet.Recommendations.Quality;

/// <summary>How well the model foretells, as the page of recommendations shows it.</summary>
internal static class QualityRoutes
{
    public const string Path = StudioRoutes.Path + "/quality";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Path, async (QualityStore store, CancellationToken ct) => Html.Part<QualityCard>(new { Reports = await store.AllAsync(ct) })).RequirePermission(RecommendationsPermissions.Read);
        app.MapPost(Path, (RequestCheck request) =>
        {
            request.Run();
            return Results.LocalRedirect(StudioRoutes.Path);
        }).RequirePermission(RecommendationsPermissions.Train);
    }
}
