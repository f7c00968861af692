using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Wellmet.Platform;
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
        var body = await ReadAsync(request.Body, json.Value.SerializerOptions, ct);
        await give.RunAsync(new(body.Customer, body.Product, body.Opinion, body.TakenBack), ct);
        return Results.Json(new OpinionAnswer(body.TakenBack ? "taken_back" : "recorded"));
    }

    /// <exception cref="ProblemException"><c>json_unexpected</c>.</exception>
    private static async Task<OpinionBody> ReadAsync(Stream body, JsonSerializerOptions format, CancellationToken ct)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<OpinionBody>(body, format, ct) ?? throw Unexpected("$");
        }
        catch (JsonException e)
        {
            throw Unexpected(e.Path ?? "$");
        }
    }

    private static ProblemException Unexpected(string path) => new("json_unexpected", "This is not the JSON that is taken here. Look at {0}.", 400, path.Length > 100 ? path[..100] : path);
}

/// <param name="Customer">Id of the customer, or of any of its subjects.</param>
/// <param name="Product">Id of the product.</param>
/// <param name="TakenBack">Whether they take it back.</param>
internal sealed record OpinionBody(Guid Customer, Guid Product, ProductOpinion Opinion, bool TakenBack = false);

/// <param name="Status">recorded or taken_back.</param>
internal sealed record OpinionAnswer(string Status);
