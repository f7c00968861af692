using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Keys;
using Wellmet.Platform.Api;
using Wellmet.Recommendations.Contract;

namespace Wellmet.Recommendations.Search;

/// <summary>The results of a shop's search in the order for a customer: <c>POST /v1/recommendations/rerank</c> for its server, <c>…/page/rerank</c> for its pages. Both change nothing.</summary>
internal static class RerankRoutes
{
    private const int LongestProduct = 100, LongestQuery = 200;

    private static readonly ApiContent Answered = ApiContent.Of(new RerankAnswer(true, new DateTimeOffset(2026, 1, 31, 3, 0, 0, TimeSpan.Zero),
    [
        new("22423", Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8060"), 0.0161f, 1), new("85123A", Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8061"), 0.0158f, -1),
    ]));

    private static readonly ApiProblem Many = new("search_results_many", 400, "`products` names none, or more than 200.");

    private static readonly ApiOperation Rerank = new("rerank_search", ApiGroups.Recommendations, "Order search results for a customer",
        "Takes the products that your search found, in its order, and gives the same ones back, each once, in the order for this customer. The search's places and those by the customer's taste are joined by reciprocal rank fusion; taste never weighs more than the search. What the customer has and keeps is not moved up; what they do not want, or what is not active, goes to the end; products that are not known stay at their places. For somebody unknown, who objects, or of whom nothing is known, and where `query` is a product's code or whole name, the order is the search's own and `personalised` is false.")
    {
        Body = ApiContent.Of(new RerankBody(["85123A", "22423"], Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8057"), "tea")),
        Answer = Answered,
        ReadsOnly = true,
        Problems = [new("json_unexpected", 400, "The body has a field that is not known, or a value that does not fit; `detail` says where."), Many],
    };

    private static readonly ApiOperation OnPage = new("rerank_search_on_page", ApiGroups.Recommendations, "Order search results in a page of the shop",
        "As `POST /v1/recommendations/rerank`, for pages with their public write key: for who is proved to be signed in. For everybody else, and where the browser sends Global Privacy Control, the order is the search's own.")
    {
        Body = ApiContent.Of(new PageRerankBody(["85123A", "22423"], "tea"), PageCall.Format),
        Answer = Answered,
        Problems = [.. PageCall.Problems, Many],
    };

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/recommendations/rerank", AnswerAsync).RequirePermission(RecommendationsPermissions.Read).AcceptKeys().Describe(Rerank);
        app.MapPost("/v1/recommendations/page/rerank", AnswerPageAsync).RequireKey(AccessPermissions.WriteEvents).AcceptWriteKeyInBody().Describe(OnPage);
    }

    private static async Task<IResult> AnswerAsync(HttpRequest request, IOptions<JsonOptions> json, RerankSearch rerank, CancellationToken ct)
    {
        var body = await ApiBody.ReadAsync<RerankBody>(request.Body, json.Value.SerializerOptions, ct);
        Demand(body.Products, body.Query);
        return Results.Json(RerankAnswer.Of(await rerank.RunAsync(new(body.Customer, body.Products, body.Query), ct)));
    }

    private static async Task<IResult> AnswerPageAsync(HttpRequest request, CurrentKey key, RerankOnPage rerank, CancellationToken ct)
    {
        var body = await PageCall.ReadAsync<PageRerankBody>(request, key, ct);
        Demand(body.Products, body.Query);
        return Results.Json(RerankAnswer.Of(await rerank.RunAsync(new(body.Products, body.Query, body.IdentityProof, PageCall.AsksForPrivacy(request)), ct)));
    }

    private static void Demand(IReadOnlyList<string> products, string? query)
    {
        if (products.Any(p => p is null || p.Length is 0 or > LongestProduct))
        {
            throw ApiBody.Unexpected("$.products");
        }
        if (query?.Length > LongestQuery)
        {
            throw ApiBody.Unexpected("$.query");
        }
    }
}

/// <param name="Products">Ids or codes, 1 to 200, in the search's order.</param>
/// <param name="Customer">Id of the customer, or of any of its subjects; null for somebody unknown.</param>
/// <param name="Query">What was searched for.</param>
internal sealed record RerankBody(IReadOnlyList<string> Products, Guid? Customer = null, string? Query = null);

/// <param name="Products">Codes, 1 to 200, in the search's order.</param>
/// <param name="Query">What was searched for.</param>
/// <param name="IdentityProof">Of who is signed in.</param>
/// <param name="WriteKey">Where it is not in the header.</param>
internal sealed record PageRerankBody(IReadOnlyList<string> Products, string? Query = null, string? IdentityProof = null, string? WriteKey = null);

/// <param name="Personalised">Whether what is known of the customer was used; otherwise the order is the search's own.</param>
/// <param name="TrainedAt">When the model learnt; null before the first time.</param>
internal sealed record RerankAnswer(bool Personalised, DateTimeOffset? TrainedAt, IReadOnlyList<RerankAnswer.Item> Products)
{
    /// <param name="Product">As it was named.</param>
    /// <param name="ProductId">Null for one that is not known.</param>
    /// <param name="Score">Comparable within this answer only; null where the place is not by taste.</param>
    /// <param name="Moved">So many places nearer to the front than the search put it; below 0 for further from it.</param>
    internal sealed record Item(string Product, Guid? ProductId, float? Score, int Moved);

    internal static RerankAnswer Of(RerankedSearch answer) =>
        new(answer.Personalised, answer.Model?.TrainedAt, [.. answer.Products.Select(p => new Item(p.Named, p.Product?.ProductId, p.Score, p.Moved))]);
}
