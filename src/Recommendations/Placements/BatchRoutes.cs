using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Wellmet.Platform.Access;
using Wellmet.Platform.Api;
using Wellmet.Platform.Ui;
using Wellmet.Recommendations.Contract;

namespace Wellmet.Recommendations.Placements;

/// <summary>Many placements in one request: <c>POST /v1/recommendations/batch</c>. It changes nothing.</summary>
internal static class BatchRoutes
{
    private const int LongestText = 100;
    private static readonly Guid Product = Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8058");

    private static readonly ApiOperation Read = new("read_recommendations_batch", ApiGroups.Recommendations, "Recommend products for many places or customers",
        "Up to 100 questions, as `GET /v1/recommendations/{placement}` takes them, answered in their order. A question that cannot be answered has its own problem (RFC 9457) and stops no other. It changes nothing: ask again as often as you like.")
    {
        Body = ApiContent.Of(new BatchBody([new("also-bought", Product: Product, Limit: 4), new("near-you", Country: "GB")]), PlacementAnswer.Format),
        Answer = ApiContent.Of(new BatchAnswer(
        [
            new(200, new PlacementAnswer("also-bought", false, new DateTimeOffset(2026, 1, 31, 3, 0, 0, TimeSpan.Zero), []), null),
            new(404, null, new ApiRefusal("/problems/product_unknown", "Not found", 404, "There is no such product.", "product_unknown")),
        ]), PlacementAnswer.Format),
        ReadsOnly = true,
        Problems =
        [
            new("json_unexpected", 400, "The body has a field that is not known, or a value that does not fit; `detail` says where."),
            new("questions_many", 400, "There is no question, or more than 100."),
        ],
    };

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/v1/recommendations/batch", AnswerAsync).RequirePermission(RecommendationsPermissions.Read).AcceptKeys().Describe(Read);

    private static async Task<IResult> AnswerAsync(HttpRequest request, IOptions<JsonOptions> json, ServeBatch serve, Words words, CancellationToken ct)
    {
        var questions = (await ApiBody.ReadAsync<BatchBody>(request.Body, json.Value.SerializerOptions, ct)).Questions;
        for (var at = 0; at < questions.Count; at++)
        {
            if (questions[at] is null || questions[at].Placement.Length > LongestText || questions[at].Country?.Length > LongestText)
            {
                throw ApiBody.Unexpected($"$.questions[{at}]");
            }
        }
        var answers = await serve.RunAsync([.. questions.Select(RequestOf)], ct);
        return Results.Json(new BatchAnswer([.. answers.Zip(questions, (answer, question) => answer.Products is { } products
            ? new BatchAnswer.One(StatusCodes.Status200OK, PlacementAnswer.Of(question.Placement, products, words), null)
            : new BatchAnswer.One(answer.Problem!.Status, null, ApiRefusal.Of(answer.Problem, words)))]), PlacementAnswer.Format);
    }

    private static ServePlacement.Request RequestOf(BatchBody.Question asked) => new(
        asked.Placement, asked.Customer?.ToString(), asked.Product?.ToString(), asked.Products is null ? null : string.Join(',', asked.Products), asked.Limit?.ToString(CultureInfo.InvariantCulture))
    {
        Country = asked.Country,
    };
}

internal sealed record BatchBody(IReadOnlyList<BatchBody.Question> Questions)
{
    /// <param name="Customer">Id of the customer.</param>
    /// <param name="Product">Id of the product.</param>
    /// <param name="Products">Ids of up to 50 products: those in the basket, for `basket` and `upsell`, or what was looked at in this visit, the last one last, for `this-visit`.</param>
    /// <param name="Country">ISO 3166 code or name of the country.</param>
    /// <param name="Limit">How many products, 1 to 100.</param>
    internal sealed record Question(string Placement, Guid? Customer = null, Guid? Product = null, IReadOnlyList<Guid>? Products = null, string? Country = null, int? Limit = null);
}

/// <param name="Answers">One for each question, in their order.</param>
internal sealed record BatchAnswer(IReadOnlyList<BatchAnswer.One> Answers)
{
    /// <param name="Status">As the answer to this question alone would have: 200, 400 or 404.</param>
    /// <param name="Answer">Null where there is a problem.</param>
    /// <param name="Problem">Null where there is an answer.</param>
    internal sealed record One(int Status, PlacementAnswer? Answer, ApiRefusal? Problem);
}
