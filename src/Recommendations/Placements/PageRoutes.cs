using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Keys;
using Wellmet.Platform.Api;
using Wellmet.Platform.Ui;
using Wellmet.Recommendations.Serving;

namespace Wellmet.Recommendations.Placements;

/// <summary>What the widget in the shop's pages asks: <c>POST /v1/recommendations/page</c>. A POST, because a proof must not stand in an address.</summary>
internal static class PageRoutes
{
    private const int LongestCode = 100, LongestCountry = 60;

    private static readonly ApiOperation Show = new("show_recommendations", ApiGroups.Recommendations, "Recommend products in a page of the shop",
        "For pages, with their public write key. A customer's purchases are used only with a proof that they are signed in (see the guide of events), and not where their browser sends Global Privacy Control or they object; else the page gets what anybody would get. Products are named by their codes.")
    {
        Body = ApiContent.Of(new PageBody("for-you"), PageCall.Format),
        Answer = ApiContent.Of(new PlacementAnswer("for-you", false, new DateTimeOffset(2026, 1, 31, 3, 0, 0, TimeSpan.Zero), []), PlacementAnswer.Format),
        Problems =
        [
            .. PageCall.Problems, new("parameter_missing", 400, "The placement needs a product."),
            new("limit_out_of_range", 400, "`limit` is no whole number from 1 to 100."), new("basket_too_large", 400, "`products` names more than 50."),
            new("placement_unknown", 404, "There is no such placement."), new("product_unknown", 404, "There is no such product."),
        ],
    };

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/v1/recommendations/page", AnswerAsync).RequireKey(AccessPermissions.WriteEvents).AcceptWriteKeyInBody().Describe(Show);

    private static async Task<IResult> AnswerAsync(HttpRequest request, CurrentKey key, ServePage serve, Words words, CancellationToken ct)
    {
        var asked = await PageCall.ReadAsync<PageBody>(request, key, ct);
        var products = asked.Products ?? [];
        if (products.Any(p => p is null || p.Length is 0 or > LongestCode))
        {
            throw ApiBody.Unexpected("$.products");
        }
        if (asked.Country?.Length > LongestCountry)
        {
            throw ApiBody.Unexpected("$.country");
        }
        var answer = await serve.RunAsync(new(asked.Placement, products, asked.IdentityProof, PageCall.AsksForPrivacy(request), asked.Limit ?? Limit.Default) { Country = asked.Country, AnonymousId = asked.AnonymousId }, ct);
        return Results.Json(PlacementAnswer.Of(asked.Placement, answer, words), PlacementAnswer.Format);
    }
}

/// <param name="Products">Codes of products: the one of the page, those of the basket, or those looked at in this visit, the last one last.</param>
/// <param name="Country">Where it is looked at, for `near-you`: ISO 3166 code or name; without it the country of who is proved to be signed in.</param>
/// <param name="WriteKey">Where it is not in the header.</param>
/// <param name="AnonymousId">The number that your page gave to the visitor, for experiments.</param>
internal sealed record PageBody(string Placement, IReadOnlyList<string>? Products = null, int? Limit = null, string? IdentityProof = null, string? Country = null, string? WriteKey = null, string? AnonymousId = null);
