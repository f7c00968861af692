using System.Net.Mime;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Ui;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Emails;
using Wellmet.Recommendations.Studio;

namespace Wellmet.Recommendations.Suggestions;

/// <summary>Staff pick out products for a customer.</summary>
internal static class SuggestionRoutes
{
    public const string Path = StudioRoutes.Path + "/suggestions";

    public const string LetterPath = Path + "/letter";

    /// <summary>Of the letter in its frame: nothing runs, its own styles hold, and pictures come from where the catalogue says.</summary>
    private const string LetterPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src https: http:; frame-ancestors 'self'; sandbox";

    private static readonly EmailLinks Links = new(null, []);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost(Path, async ([FromForm] Guid customer, MakeSuggestions make, HttpContext http, Words words, CancellationToken ct) =>
        {
            await make.RunAsync(customer, ct);
            new Toast(words["Picked out and saved"]).Send(http);
            return Results.LocalRedirect($"{StudioRoutes.Path}?customer={customer}#suggestions");
        }).RequirePermission(RecommendationsPermissions.Suggest);
        app.MapGet(LetterPath, ShowAsync).RequirePermission(RecommendationsPermissions.Letters);
        app.MapGet(LetterPath + "/html", FrameAsync).RequirePermission(RecommendationsPermissions.Letters);
        app.MapPost(Path + "/sent", async ([FromForm] Guid customer, [FromForm] DateTimeOffset made, MarkSuggestionsSent mark, HttpContext http, Words words, CancellationToken ct) =>
        {
            await mark.RunAsync(new(customer, made), ct);
            new Toast(words["On the customer's timeline now"]).Send(http);
            return Results.LocalRedirect($"{LetterPath}?customer={customer}");
        }).RequirePermission(RecommendationsPermissions.Suggest);
    }

    private static async Task<IResult> ShowAsync(Guid customer, SuggestionLetter letter, Words words, CancellationToken ct)
    {
        try
        {
            return Html.Page<SuggestionLetterConsole>(new { Customer = customer, Letter = await letter.RunAsync(new(customer, words.Language, Links), ct) });
        }
        catch (ProblemException problem) when (problem.Status == StatusCodes.Status409Conflict)
        {
            return Html.Page<SuggestionLetterConsole>(new { Customer = customer, Problem = words.Problem(problem) });
        }
    }

    private static async Task<IResult> FrameAsync(Guid customer, SuggestionLetter letter, HttpContext http, Words words, CancellationToken ct)
    {
        http.Response.Headers.ContentSecurityPolicy = LetterPolicy;
        return Results.Text((await letter.RunAsync(new(customer, words.Language, Links), ct)).Html, MediaTypeNames.Text.Html, Encoding.UTF8);
    }
}
