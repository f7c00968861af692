using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Wellmet.Platform.Access;
using Wellmet.Platform.Api;
using Wellmet.Platform.Idempotency;
using Wellmet.Recommendations.Contract;

namespace Wellmet.Recommendations.Voice;

/// <summary>What shoppers say about products, told by the shop's server: <c>POST /v1/recommendations/opinions</c>.</summary>
internal static class OpinionApi
{
    private static readonly ApiOperation Give = new("give_opinion", ApiGroups.Recommendations, "Record what a customer says about a product",
        "`not_interested`: the product is not offered to them again, and what is like it less. `gift`: they bought it for somebody else, and it says nothing about them. With `taken_back` it is no longer said. Said twice it is said once. It holds from the next answer on.")
    {
        Body = ApiContent.Of(new OpinionBody(Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8057"), Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8058"), ProductOpinion.NotInterested)),
        Answer = ApiContent.Of(new OpinionAnswer("recorded")),
        Problems =
        [
            new("json_unexpected", 400, "The body has a field that is not known, or a value that does not fit; `detail` says where."),
            new("customer_unknown", 404, "There is no such customer, or they were erased."), new("product_unknown", 404, "There is no such product."),
        ],
    };

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/v1/recommendations/opinions", GiveAsync).RequireKey(RecommendationsPermissions.Speak).RequireIdempotencyKey().Describe(Give);

    private static async Task<IResult> GiveAsync(HttpRequest request, IOptions<JsonOptions> json, GiveOpinion give, CancellationToken ct)
    {
        var body = await ApiBody.ReadAsync<OpinionBody>(request.Body, json.Value.SerializerOptions, ct);
        await give.RunAsync(new(body.Customer, body.Product, body.Opinion, body.TakenBack), ct);
        return Results.Json(new OpinionAnswer(body.TakenBack ? "taken_back" : "recorded"));
    }
}

/// <param name="Customer">Id of the customer, or of any of its subjects.</param>
/// <param name="Product">Id of the product.</param>
/// <param name="TakenBack">Whether they take it back.</param>
internal sealed record OpinionBody(Guid Customer, Guid Product, ProductOpinion Opinion, bool TakenBack = false);

/// <param name="Status">recorded or taken_back.</param>
internal sealed record OpinionAnswer(string Status);
