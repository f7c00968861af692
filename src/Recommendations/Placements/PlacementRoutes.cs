using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform.Access;
using Wellmet.Platform.Api;
using Wellmet.Platform.Ui;
using Wellmet.Recommendations.Contract;

namespace Wellmet.Recommendations.Placements;

internal static class PlacementRoutes
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private static readonly ApiParameter<string?> Placement = Text("placement", "`also-bought`, `bought-together`, `goes-with` and `similar` of a product, `for-you` and `buy-again` of a customer.", "also-bought") with { InPath = true };
    private static readonly ApiParameter<string?> Customer = Text("customer", "Id of the customer; for `for-you` and `buy-again`.", "01890a5d-ac96-774b-bcce-b302099a8057");
    private static readonly ApiParameter<string?> Product = Text("product", "Id of the product; for the other placements.", "01890a5d-ac96-774b-bcce-b302099a8058");
    private static readonly ApiParameter<string?> Limit = Text("limit", "How many products, 1 to 100.", "10");

    private static readonly ApiOperation Read = new("read_recommendations", ApiGroups.Recommendations, "Recommend products",
        "Products for a place in your shop, best first, each with its reason. A customer who may not be profiled gets what anybody would get: `personalised` is false then.")
    {
        Parameters = [Placement, Customer, Product, Limit],
        Answer = ApiContent.Of(new PlacementAnswer("also-bought", false, new DateTimeOffset(2026, 1, 31, 3, 0, 0, TimeSpan.Zero),
        [
            new(Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8060"), "22423", "CAKESTAND", 1275, "GBP", 0.42f, new("also_bought", "71 customers bought both", 71, [], null)),
        ]), Format),
        Problems =
        [
            new("parameter_missing", 400, "`for-you` and `buy-again` need `customer`, the other placements need `product`."), new("parameter_unexpected", 400, "The placement does not take this parameter."),
            new("limit_out_of_range", 400, "`limit` is no whole number from 1 to 100."), new("placement_unknown", 404, "There is no such placement."),
            new("product_unknown", 404, "There is no such product."),
        ],
    };

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/v1/recommendations/{placement}", AnswerAsync).RequirePermission(RecommendationsPermissions.Read).AcceptKeys().Describe(Read);

    private static async Task<IResult> AnswerAsync(ApiQuery query, ServePlacement serve, Words words, CancellationToken ct)
    {
        var placement = query.Read(Placement)!;
        var answer = await serve.RunAsync(new(placement, query.Read(Customer), query.Read(Product), query.Read(Limit)), ct);
        return Results.Json(PlacementAnswer.Of(placement, answer, words), Format);
    }

    private static ApiParameter<string?> Text(string name, string description, string example) => ApiParameter.Text(name, description, 100, example);
}
