using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Keys;
using Wellmet.Platform.Api;

namespace Wellmet.Recommendations.Effects;

/// <summary>What the widget tells of what was seen and chosen: <c>POST /v1/recommendations/page/shown</c>.</summary>
internal static class ShownApi
{
    private static readonly ApiOperation Tell = new("tell_shown", ApiGroups.Recommendations, "Tell what was seen and chosen on a page of the shop",
        "For pages, with their public write key; the widget does it by itself. `shown`: products that a visitor saw at a placement, once for each list. `chosen`: the one that they opened. Both are counted, of nobody. With a proof of who is signed in, or else the visitor's number that your events carry, and where they may be measured, what they buy within seven days is put down to the placement, and counts for the `experiment` that the answer named; where its products name a `variant`, `variants` tells it back.")
    {
        Body = ApiContent.Of(new ShownBody("for-you", ["22423", "85123A"]), PageCall.Format),
        Answer = ApiContent.Of(new ShownAnswer("counted")),
        Problems = [.. PageCall.Problems, new("placement_unknown", 404, "There is no such placement.")],
    };

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/v1/recommendations/page/shown", TellAsync).RequireKey(AccessPermissions.WriteEvents).AcceptWriteKeyInBody().Describe(Tell);

    private static async Task<IResult> TellAsync(HttpRequest request, CurrentKey key, TellShown tell, CancellationToken ct)
    {
        var body = await PageCall.ReadAsync<ShownBody>(request, key, ct);
        var shown = body.Shown ?? [];
        if (shown.Count > TellShown.Most || shown.Contains(null!))
        {
            throw ApiBody.Unexpected("$.shown");
        }
        if (body.Variants?.Count > TellShown.Most || body.Variants?.Values.Contains(null!) == true)
        {
            throw ApiBody.Unexpected("$.variants");
        }
        await tell.RunAsync(new(body.Placement, shown, body.Chosen, body.IdentityProof, PageCall.AsksForPrivacy(request), body.Experiment, body.AnonymousId) { Variants = body.Variants }, ct);
        return Results.Json(new ShownAnswer("counted"));
    }
}

/// <param name="Shown">Codes of products, at most 100.</param>
/// <param name="Chosen">Code of the product that was opened.</param>
/// <param name="IdentityProof">Of who is signed in.</param>
/// <param name="WriteKey">Where it is not in the header.</param>
/// <param name="Experiment">As the answer that was shown named it.</param>
/// <param name="AnonymousId">The number that your page gave to the visitor.</param>
/// <param name="Variants">Of a mixed list: by the codes of the products in this message the `variant` that each had in the answer, as it was, on the same day or the next.</param>
internal sealed record ShownBody(string Placement, IReadOnlyList<string>? Shown = null, string? Chosen = null, string? IdentityProof = null, string? WriteKey = null, Guid? Experiment = null, string? AnonymousId = null, IReadOnlyDictionary<string, string>? Variants = null);

/// <param name="Status">counted.</param>
internal sealed record ShownAnswer(string Status);
