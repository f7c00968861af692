using System.Globalization;
using System.Net.Mime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform.Access;
using Wellmet.Platform.Api;
using Wellmet.Platform.Ui;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Placements;

namespace Wellmet.Recommendations.Emails;

/// <summary>A placement as a block of an e-mail: <c>GET /v1/recommendations/{placement}/email</c>.</summary>
internal static class EmailRoutes
{
    private const int MostProducts = 20, LongestMark = 100;

    private static readonly ApiParameter<long?> Limit = ApiParameter.Number("limit", $"How many products; {EmailBlock.Usual} where nothing is said.", 1, MostProducts, "4");
    internal static readonly ApiParameter<string?> Language = ApiParameter.OneOf("language", "Of reasons and prices; without it the one of `Accept-Language`.", "en", "zh");
    internal static readonly ApiParameter<string?> Format = ApiParameter.OneOf("format", "Without it `text` for `Accept: text/plain`, else `html`.", "html", "text");
    internal static readonly ApiParameter<string?> Link = ApiParameter.Text("link", $"Address of a product's page in your shop, with `{EmailLinks.Code}` in place of its code.", EmailLinks.LongestTemplate, "https://shop.example/p/{sku}");
    private static readonly ApiParameter<bool> Sent = ApiParameter.Flag("sent", "It goes out now: its products count as shown at the placement. Leave it out for drafts and previews. The key needs the scope `events.write`, too.");

    internal static readonly IReadOnlyList<ApiParameter<string?>> Marks =
    [
        .. new[] { ("utm_source", "wellmet"), ("utm_medium", "email"), ("utm_campaign", "spring"), ("utm_content", "for-you") }
            .Select(m => ApiParameter.Text(m.Item1, "Goes into each link, for your analytics.", LongestMark, m.Item2)),
    ];

    private static readonly ApiOperation Render = new("render_recommendations_email", ApiGroups.Recommendations, "Recommend products in an e-mail",
        "The products of a placement as a fragment of HTML for mail programs (a table at most 600 pixels wide, styles in the elements, legible in dark themes), or as the same in plain text. Everything is encoded: put it into your letter as it is. Empty where there is nothing to show. A customer who may not be profiled gets what anybody would get.")
    {
        Parameters = [PlacementRoutes.Placement, PlacementRoutes.Customer, PlacementRoutes.Product, PlacementRoutes.Products, PlacementRoutes.Country, Limit, Language, Format, Link, Sent, .. Marks],
        Answer = ApiContent.Of("""<table role="presentation" lang="en" dir="ltr" align="center" width="600" …>…</table>""") with { MediaType = MediaTypeNames.Text.Html },
        OtherAnswers = [ApiContent.Of("CAKESTAND · £12.75\r\nBecause you bought TEA SET\r\nhttps://shop.example/p/22423?utm_campaign=spring\r\n\r\n") with { MediaType = MediaTypeNames.Text.Plain }],
        Problems = [.. PlacementRoutes.Problems, new("link_malformed", 400, "`link` is no address of the web, or does not hold `{sku}`.")],
    };

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/v1/recommendations/{placement}/email", AnswerAsync).RequirePermission(RecommendationsPermissions.Read).AcceptKeys().Describe(Render);

    private static async Task<IResult> AnswerAsync(ApiQuery query, HttpRequest request, EmailBlock email, Words words, CancellationToken ct)
    {
        var question = PlacementRoutes.QuestionOf(query, (query.Read(Limit) ?? EmailBlock.Usual).ToString(CultureInfo.InvariantCulture));
        var block = await email.RunAsync(new(question, LanguageOf(query, words), LinksOf(query), query.Read(Sent)), ct);
        return Answer(query, request, block.Html, block.Text);
    }

    /// <exception cref="Platform.ProblemException"><c>link_malformed</c>.</exception>
    internal static EmailLinks LinksOf(ApiQuery query) => new(query.Read(Link), [.. Marks.Where(query.Has).Select(m => KeyValuePair.Create(m.Name, query.Read(m)!))]);

    internal static string LanguageOf(ApiQuery query, Words words) => query.Read(Language) switch { "zh" => "zh-CN", "en" => "en", _ => words.Language };

    /// <summary>In the form that was asked for.</summary>
    internal static IResult Answer(ApiQuery query, HttpRequest request, string html, string text) => (query.Read(Format) ?? (WantsText(request) ? "text" : "html")) == "text"
        ? Results.Text(text, MediaTypeNames.Text.Plain, System.Text.Encoding.UTF8) : Results.Text(html, MediaTypeNames.Text.Html, System.Text.Encoding.UTF8);

    private static bool WantsText(HttpRequest request) =>
        request.GetTypedHeaders().Accept.OrderByDescending(a => a.Quality ?? 1).Select(a => a.MediaType.Value).FirstOrDefault(a => a is MediaTypeNames.Text.Html or MediaTypeNames.Text.Plain) == MediaTypeNames.Text.Plain;
}
