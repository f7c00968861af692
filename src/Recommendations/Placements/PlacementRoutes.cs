using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform.Access;
using Wellmet.Platform.Api;
using Wellmet.Platform.Ui;
using Wellmet.Recommendations.Contract;

namespace Wellmet.Recommendations.Placements;

/// <summary>The placements for the shop's server: <c>GET /v1/recommendations/{placement}</c>.</summary>
internal static class PlacementRoutes
{
    internal static readonly ApiParameter<string?> Placement = Text("placement", "`also-bought`, `also-viewed`, `bought-together`, `goes-with` and `similar` of a product, `for-you`, `buy-again`, `recently-viewed` and `after-purchase` of a customer, `basket` and `upsell` of several products, `this-visit` of what was looked at, `near-you` in a country, `bestsellers`, or one that your shop made.", "also-bought") with { InPath = true };
    internal static readonly ApiParameter<string?> Customer = Text("customer", "Id of the customer; for `for-you`, `buy-again`, `recently-viewed` and `after-purchase`, for `near-you` instead of a country, and for `basket`, `upsell` and `this-visit` if you know it.", "01890a5d-ac96-774b-bcce-b302099a8057");
    internal static readonly ApiParameter<string?> Product = Text("product", "Id of the product; for the placements of a product.", "01890a5d-ac96-774b-bcce-b302099a8058");
    internal static readonly ApiParameter<string?> Products = ApiParameter.Text("products", "Ids of up to 50 products with commas between them: those in the basket, for `basket` and `upsell`, or what was looked at in this visit, the last one last, for `this-visit`.", 2000, "01890a5d-ac96-774b-bcce-b302099a8058,01890a5d-ac96-774b-bcce-b302099a8059");
    internal static readonly ApiParameter<string?> Country = ApiParameter.Text("country", "ISO 3166 code or name of the country; for `near-you`. Without it the country of `customer`.", 60, "GB");
    private static readonly ApiParameter<string?> Limit = Text("limit", "How many products, 1 to 100.", "10");

    /// <summary>What any question of a placement may be answered.</summary>
    internal static readonly IReadOnlyList<ApiProblem> Problems =
    [
        new("parameter_missing", 400, "The placement needs `customer`, `product`, `products` or `country`; `detail` says which."), new("parameter_unexpected", 400, "The placement does not take this parameter."),
        new("basket_too_large", 400, "`products` names more than 50."),
        new("limit_out_of_range", 400, "`limit` is no whole number from 1 to 100."), new("placement_unknown", 404, "There is no such placement."),
        new("product_unknown", 404, "There is no such product."),
    ];

    private static readonly ApiOperation Read = new("read_recommendations", ApiGroups.Recommendations, "Recommend products",
        "Products for a place in your shop, best first, each with its reason. A customer who may not be profiled gets what anybody would get: `personalised` is false then.")
    {
        Parameters = [Placement, Customer, Product, Products, Country, Limit],
        Answer = ApiContent.Of(new PlacementAnswer("also-bought", false, new DateTimeOffset(2026, 1, 31, 3, 0, 0, TimeSpan.Zero),
        [
            new(Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8060"), "22423", "CAKESTAND", 1275, "GBP", 0.42f, new("also_bought", "71 customers bought both", 71, [], null)),
        ]), PlacementAnswer.Format),
        Problems = [.. Problems],
    };

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/v1/recommendations/{placement}", AnswerAsync).RequirePermission(RecommendationsPermissions.Read).AcceptKeys().Describe(Read);

    private static async Task<IResult> AnswerAsync(ApiQuery query, ServePlacement serve, Words words, CancellationToken ct)
    {
        var question = QuestionOf(query, query.Read(Limit));
        return Results.Json(PlacementAnswer.Of(question.Placement, await serve.RunAsync(question, ct), words), PlacementAnswer.Format);
    }

    /// <summary>As it stands in the address.</summary>
    internal static ServePlacement.Request QuestionOf(ApiQuery query, string? limit) =>
        new(query.Read(Placement)!, query.Read(Customer), query.Read(Product), query.Read(Products), limit) { Country = query.Read(Country) };

    private static ApiParameter<string?> Text(string name, string description, string example) => ApiParameter.Text(name, description, 100, example);
}
