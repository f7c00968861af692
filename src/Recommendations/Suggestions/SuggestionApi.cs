using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Wellmet.Platform.Access;
using Wellmet.Platform.Api;
using Wellmet.Platform.Idempotency;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Ui;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Emails;
using Wellmet.Recommendations.Serving;

namespace Wellmet.Recommendations.Suggestions;

/// <summary>The list of a customer, read and made by the shop's server: <c>/v1/recommendations/suggestions</c>.</summary>
internal static class SuggestionApi
{
    private const string Path = "/v1/recommendations/suggestions";
    private static readonly Guid Example = Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8057");
    private static readonly DateTimeOffset Then = new(2026, 1, 31, 3, 0, 0, TimeSpan.Zero);
    private static readonly ApiParameter<string?> Customer = ApiParameter.Text("customer", "Id of the customer, or of any of its subjects.", 100, Example.ToString());

    private static readonly ApiParameter<Guid?> Of = ApiParameter.Id("customer", "Id of the customer, or of any of its subjects.") with { InPath = true };

    private static readonly ApiContent Sample = ApiContent.Of(new SuggestionAnswer(Example, Then,
    [
        new(Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8060"), "22423", "CAKESTAND", 1275, "GBP", SuggestionKind.CrossSell, "Because you bought TEA SET"),
    ]));

    private static readonly ApiOperation Read = new("read_suggestions", ApiGroups.Recommendations, "Read the products picked out for a customer",
        "The list that was made last, without what was bought since, what the customer does not want and what is no longer sold. `made_at` is null where there is none, or where the customer wants no personal recommendations.")
    {
        Parameters = [Customer],
        Answer = Sample,
    };

    private static readonly ApiOperation Make = new("make_suggestions", ApiGroups.Recommendations, "Pick out products for a customer",
        "Ten products that the customer does not have, best first, saved in place of an earlier list. `upsell`: a better one of what they have, dearer by at most half; else `cross_sell`.")
    {
        Body = ApiContent.Of(new SuggestionBody(Example)),
        Answer = Sample,
        Problems =
        [
            new("json_unexpected", 400, "The body has a field that is not known, or a value that does not fit; `detail` says where."),
            new("customer_unknown", 404, "There is no such customer, or they were erased."), new("personalisation_refused", 409, "The customer wants no personal recommendations."),
        ],
    };

    private static readonly IReadOnlyList<ApiProblem> NotSendable =
    [
        new("customer_unknown", 404, "There is no such customer, or they were erased."),
        new("suggestions_none", 409, "Nothing is picked out for the customer."), new("personalisation_refused", 409, "The customer wants no personal recommendations."),
        new("address_missing", 409, "No e-mail address of the customer is known."), new("consent_missing", 409, "Advertising needs their consent, and none was given."),
        new("consent_withdrawn", 409, "They withdrew their consent."), new("sending_objected", 409, "They objected to advertising."), new("sending_forbidden", 409, "The rules of their market do not allow it."),
    ];

    private static readonly ApiOperation Render = new("render_suggestions_email", ApiGroups.Recommendations, "Read the products picked out for a customer as a letter",
        "The saved list as a fragment of HTML for mail programs and as plain text, with pictures and pages of the catalogue, and the addresses it may go to: consent is given for an address, so send it to one of `emails` and no other. Refused, with the reason, where the customer may not be sent advertising by e-mail now: ask at the moment of sending.")
    {
        Parameters = [Of, EmailRoutes.Language, EmailRoutes.Link, .. EmailRoutes.Marks],
        Answer = ApiContent.Of(new SuggestionLetterAnswer(Example, Then, ["ann@example.com"], """<table role="presentation" lang="en" dir="ltr" align="center" width="600" …>…</table>""", "CAKESTAND · £12.75\r\nBecause you bought TEA SET\r\n\r\n")),
        Problems = [.. NotSendable, new("link_malformed", 400, "`link` is no address of the web, or does not hold `{sku}`.")],
    };

    private static readonly ApiOperation Sent = new("mark_suggestions_sent", ApiGroups.Recommendations, "Tell that the products picked out for a customer were sent",
        "On the customer's timeline with what the list held, once for each list: `made_at` is that of the letter. It tells what happened, so a withdrawal or a newer list since changes nothing.")
    {
        Body = ApiContent.Of(new SentSuggestionsBody(Example, Then)),
        Answer = ApiContent.Of(new SentSuggestionsAnswer(Example, Then, Then.AddMinutes(5))),
        Problems =
        [
            new("json_unexpected", 400, "The body has a field that is not known, or a value that does not fit; `detail` says where."),
            new("suggestions_unknown", 404, "Nothing was picked out for the customer at that time, or they were erased."),
        ],
    };

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Path + "/{customer}/email", RenderAsync).RequirePermission(RecommendationsPermissions.Letters).AcceptKeys().Describe(Render);
        app.MapPost(Path + "/sent", SentAsync).RequireKey(RecommendationsPermissions.Suggest).RequireIdempotencyKey().Describe(Sent);
        app.MapGet(Path, ReadAsync).RequirePermission(RecommendationsPermissions.Read).AcceptKeys().Describe(Read);
        app.MapPost(Path, MakeAsync).RequireKey(RecommendationsPermissions.Suggest).RequireIdempotencyKey().Describe(Make);
    }

    private static async Task<IResult> ReadAsync(ApiQuery query, ReadSuggestions read, Words words, CancellationToken ct) => Results.Json(AnswerOf(await read.RunAsync(CustomerOf(query.Read(Customer)), ct), words));

    private static async Task<IResult> RenderAsync(ApiQuery query, SuggestionLetter letter, Words words, CancellationToken ct)
    {
        var made = await letter.RunAsync(new(query.Read(Of)!.Value, EmailRoutes.LanguageOf(query, words), EmailRoutes.LinksOf(query)), ct);
        return Results.Json(new SuggestionLetterAnswer(made.List.CustomerId, made.List.MadeAt!.Value, made.Emails, made.Html, made.Text));
    }

    private static async Task<IResult> SentAsync(HttpRequest request, IOptions<JsonOptions> json, MarkSuggestionsSent mark, CancellationToken ct)
    {
        var (customer, made) = await ApiBody.ReadAsync<SentSuggestionsBody>(request.Body, json.Value.SerializerOptions, ct);
        return Results.Json(new SentSuggestionsAnswer(customer, made, await mark.RunAsync(new(customer, made), ct)));
    }

    private static Guid CustomerOf(string? text) => Guid.TryParse(text, out var customer) ? customer : throw new Platform.ProblemException("parameter_malformed", "The parameter {0} is not an id.", 400, "customer");

    private static async Task<IResult> MakeAsync(HttpRequest request, IOptions<JsonOptions> json, MakeSuggestions make, ReadSuggestions read, Words words, CancellationToken ct)
    {
        var body = await ApiBody.ReadAsync<SuggestionBody>(request.Body, json.Value.SerializerOptions, ct);
        await make.RunAsync(body.Customer, ct);
        return Results.Json(AnswerOf(await read.OfAsync(body.Customer, ct), words));
    }

    private static SuggestionAnswer AnswerOf(SuggestionList list, Words words) => new(list.CustomerId, list.MadeAt, [.. list.Suggestions.Select(s => new SuggestedProduct(
        s.Product.Product.ProductId, s.Product.Product.Sku, s.Product.Product.Name, s.Product.Product.PriceMinor, s.Product.Product.Currency, s.Kind, ReasonText.Of(s.Product.Reason, words)))]) { SentAt = list.SentAt };
}

/// <param name="Customer">Id of the customer, or of any of its subjects.</param>
internal sealed record SuggestionBody(Guid Customer);

/// <param name="Customer">Id of the customer, or of any of its subjects.</param>
/// <param name="MadeAt">Of the list that was sent, as its letter says.</param>
internal sealed record SentSuggestionsBody(Guid Customer, DateTimeOffset MadeAt);

/// <param name="SentAt">As it was said first.</param>
internal sealed record SentSuggestionsAnswer(Guid Customer, DateTimeOffset MadeAt, DateTimeOffset SentAt);

/// <param name="MadeAt">Of the list; tell it back when the letter was sent.</param>
/// <param name="Html">A fragment for mail programs, at most 600 pixels wide.</param>
/// <param name="Text">The same for those who read no HTML.</param>
internal sealed record SuggestionLetterAnswer(
    Guid Customer, DateTimeOffset MadeAt,
    [property: Description("Addresses of the customer that may be written to, and no others. Personal: null without the scope `customers.read_personal`.")] IReadOnlyList<string>? Emails,
    string Html, string Text);

/// <param name="MadeAt">When the list was made; null where there is none.</param>
internal sealed record SuggestionAnswer(Guid Customer, DateTimeOffset? MadeAt, IReadOnlyList<SuggestedProduct> Suggestions)
{
    /// <summary>When it was told that the list was sent; null where it was not.</summary>
    public DateTimeOffset? SentAt { get; init; }
}

/// <param name="PriceMinor">Minor units of the currency; null where no price is known.</param>
/// <param name="Kind">cross_sell or upsell.</param>
/// <param name="Reason">In the caller's language.</param>
internal sealed record SuggestedProduct(Guid Product, string Sku, string Name, long? PriceMinor, string Currency, SuggestionKind Kind, string Reason);
