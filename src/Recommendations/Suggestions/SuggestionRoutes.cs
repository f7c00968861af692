using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform.Access;
using Wellmet.Platform.Ui;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Studio;

namespace Wellmet.Recommendations.Suggestions;

/// <summary>Staff pick out products for a customer.</summary>
internal static class SuggestionRoutes
{
    public const string Path = StudioRoutes.Path + "/suggestions";

    public static void Map(IEndpointRouteBuilder app) => app.MapPost(Path, async ([FromForm] Guid customer, MakeSuggestions make, HttpContext http, Words words, CancellationToken ct) =>
    {
        await make.RunAsync(customer, ct);
        new Toast(words["Picked out and saved"]).Send(http);
        return Results.LocalRedirect($"{StudioRoutes.Path}?customer={customer}#suggestions");
    }).RequirePermission(RecommendationsPermissions.Suggest);
}
