using System.Globalization;
using System.Net.Mime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform.Access;
using Wellmet.Platform.Api;
using Wellmet.Platform.Idempotency;
using Wellmet.Platform.Ui;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Placements;

namespace Wellmet.Recommendations.Emails;

/// <summary>A placement as a block of an e-mail: <c>/v1/recommendations/{placement}/email</c>, <c>GET</c> for a draft and <c>POST</c> for a letter that goes out.</summary>
internal static class EmailRoutes
{
    private const string Path = "/v1/recommendations/{placement}/email";
    private const int MostProducts = 20, LongestMark = 100;

    private static readonly ApiParameter<long?> Limit = ApiParameter.Number("limit", $"How many products; {EmailBlock.Usual} where nothing is said.", 1, MostProducts, "4");
    internal static readonly ApiParameter<string?> Language = ApiParameter.OneOf("language", "Of reasons and prices; without it the one of `Accept-Language`.", "en", "zh");
    private static readonly ApiParameter<string?> Format = ApiParameter.OneOf("format", "Without it `text` for `Accept: text/plain`, else `html`.", "html", "text");
    internal static readonly ApiParameter<string?> Link = ApiParameter.Text("link", $"Address of a product's page in your shop, with `{EmailLinks.Code}` in place of its code.", EmailLinks.LongestTemplate, "https://shop.example/p/{sku}");

    internal static readonly IReadOnlyList<ApiParameter<string?>> Marks =
    [
        .. new[] { ("utm_source", "wellmet"), ("utm_medium", "email"), ("utm_campaign", "spring"), ("utm_content", "for-you") }
            .Select(m => ApiParameter.Text(m.Item1, "Goes into each link, for your analytics.", LongestMark, m.Item2)),
    ];

    private static readonly ApiOperation Render = new("render_recommendations_email", ApiGroups.Recommendations, "Recommend products in an e-mail",
        "The products of a placement as a fragment of HTML for mail programs (a table at most 600 pixels wide, styles in the elements, legible in dark themes), or as the same in plain text. Everything is encoded: put it into your letter as it is. Empty where there is nothing to show. A customer who may not be profiled gets what anybody would get. For drafts and previews: nothing counts as shown; see `send_recommendations_email`.")
    {
        Parameters = [PlacementRoutes.Placement, PlacementRoutes.Customer, PlacementRoutes.Product, PlacementRoutes.Products, PlacementRoutes.Country, Limit, Language, Format, Link, .. Marks],
        Answer = ApiContent.Of("""<table role="presentation" lang="en" dir="ltr" align="center" width="600" …>…</table>""") with { MediaType = MediaTypeNames.Text.Html },
        OtherAnswers = [ApiContent.Of("CAKESTAND · £12.75\r\nBecause you bought TEA SET\r\nhttps://shop.example/p/22423?utm_campaign=spring\r\n\r\n") with { MediaType = MediaTypeNames.Text.Plain }],
        Problems = [.. PlacementRoutes.Problems, new("link_malformed", 400, "`link` is no address of the web, or does not hold `{sku}`.")],
    };

    private static readonly ApiOperation Send = Render with
    {
        Id = "send_recommendations_email", Summary = "Recommend products in an e-mail that goes out now",
        Description = "The same as `render_recommendations_email`, for a letter that goes out: its products count as shown at the placement, once for each `Idempotency-Key`, which names the letter. The key needs the scope `events.write`, too.",
    };

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Path, async (ApiQuery query, HttpRequest request, EmailBlock email, Words words, CancellationToken ct) => Answer(query, request, await email.RunAsync(QuestionOf(query, words), ct)))
            .RequirePermission(RecommendationsPermissions.Read).AcceptKeys().Describe(Render);
        app.MapPost(Path, async (ApiQuery query, HttpRequest request, EmailBlock email, Words words, CancellationToken ct) => Answer(query, request, await email.SendAsync(QuestionOf(query, words), ct)))
            .RequireKey(RecommendationsPermissions.Read).RequireIdempotencyKey().Describe(Send);
    }

    private static EmailBlock.Request QuestionOf(ApiQuery query, Words words) => new(
        PlacementRoutes.QuestionOf(query, (query.Read(Limit) ?? EmailBlock.Usual).ToString(CultureInfo.InvariantCulture)), LanguageOf(query, words), LinksOf(query));

    /// <exception cref="Platform.ProblemException"><c>link_malformed</c>.</exception>
    internal static EmailLinks LinksOf(ApiQuery query) => new(query.Read(Link), [.. Marks.Where(query.Has).Select(m => KeyValuePair.Create(m.Name, query.Read(m)!))]);

    internal static string LanguageOf(ApiQuery query, Words words) => query.Read(Language) switch { "zh" => "zh-CN", "en" => "en", _ => words.Language };

    /// <summary>In the form that was asked for.</summary>
    private static IResult Answer(ApiQuery query, HttpRequest request, EmailBlock.Block block) => (query.Read(Format) ?? (WantsText(request) ? "text" : "html")) == "text"
        ? Results.Text(block.Text, MediaTypeNames.Text.Plain, System.Text.Encoding.UTF8) : Results.Text(block.Html, MediaTypeNames.Text.Html, System.Text.Encoding.UTF8);

    private static bool WantsText(HttpRequest request) =>
        request.GetTypedHeaders().Accept.OrderByDescending(a => a.Quality ?? 1).Select(a => a.MediaType.Value).FirstOrDefault(a => a is MediaTypeNames.Text.Html or MediaTypeNames.Text.Plain) == MediaTypeNames.Text.Plain;
}
