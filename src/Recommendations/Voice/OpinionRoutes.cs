using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Ui;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Studio;

namespace Wellmet.Recommendations.Voice;

/// <summary>What staff record for a customer who told them.</summary>
internal static class OpinionRoutes
{
    public const string Path = StudioRoutes.Path + "/opinions";

    public static void Map(IEndpointRouteBuilder app) => app.MapPost(Path, async (
        [FromForm] Guid customer, [FromForm] Guid product, [FromForm] string? opinion, [FromForm] bool? back, GiveOpinion give, HttpContext http, Words words, CancellationToken ct) =>
    {
        var said = EnumText.TryRead<ProductOpinion>(opinion, out var read) ? read : throw new ProblemException("opinion_unknown", "Choose what the customer says of the product.");
        await give.RunAsync(new(customer, product, said, back == true), ct);
        new Toast(back == true ? words["Taken back; it no longer counts"] : words["Recorded; it counts from the next answer on"]).Send(http);
        return Results.LocalRedirect($"{StudioRoutes.Path}?customer={customer}");
    }).RequirePermission(RecommendationsPermissions.Speak);
}
