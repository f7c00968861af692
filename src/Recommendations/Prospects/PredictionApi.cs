using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Api;
using Wellmet.Platform.Ui;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Predictions;

namespace Wellmet.Recommendations.Prospects;

/// <summary>Predictions for programs: <c>/v1/recommendations/predictions</c> and <c>/v1/recommendations/prospects</c>.</summary>
internal static class PredictionApi
{
    private const string Path = "/v1/recommendations/predictions", ListPath = "/v1/recommendations/prospects";

    private static readonly ApiParameter<Guid?> Customer = ApiParameter.Id("customer", "Id of the customer, or of any of its subjects.");
    private static readonly ApiParameter<long?> Least = ApiParameter.Number("min_percent", "Only customers with this chance or a higher one, in percent.", 0, 100, "30");
    private static readonly ApiParameter<string?> Type = ApiParameter.Text("type", "Only customers whose next order holds this product type most likely.", 200, "coffee");

    private static readonly DateTimeOffset Then = new(2026, 1, 31, 3, 0, 0, TimeSpan.Zero);
    private static readonly Guid Somebody = Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8057");
    private static readonly DueItem Coffee = new(Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8060"), "22423", "COFFEE 500 G", Then.AddDays(9), Then.AddDays(4), Then.AddDays(16));

    private static readonly ApiOperation Read = new("read_predictions", ApiGroups.Recommendations, "Read what is foretold of a customer",
        "Made once a day from what the customer ordered and looked at. `predicted_at` is null where nothing is foretold: the customer ordered nothing before the last run, wants no personal recommendations, or too little is known. "
        + "`chance` is that they order within thirty days; it is null where the shop has too little to learn it from. `reliability` says what came of chances like it in the thirty days before.")
    {
        Parameters = [Customer],
        Answer = ApiContent.Of(new PredictionAnswer(Somebody, Then, 0.42, new(650, 0.4), "coffee", 0.31, [Coffee], [new(ChanceSign.LastOrder, 19, 0.62, "The last order was 19 days ago")], Then.AddDays(-19))),
    };

    private static readonly ApiOperation List = new("list_prospects", ApiGroups.Recommendations, "List customers who may buy soon",
        "Customers with a chance to order within thirty days, the highest first, page by page. Who wants no personal recommendations is not among them; a page may hold fewer than were asked for.")
    {
        Parameters = [Least, Type, ApiParameter.Limit, ApiParameter.Cursor],
        Answer = ApiContent.Of(new ApiPage<ProspectItem>([new(Somebody, 0.42, "coffee", 0.31, Coffee, Then.AddDays(-19), Then)], null)),
    };

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Path, ReadAsync).RequirePermission(RecommendationsPermissions.Predictions).AcceptKeys().Describe(Read);
        app.MapGet(ListPath, ListAsync).RequirePermission(RecommendationsPermissions.Predictions).AcceptKeys().Describe(List);
    }

    private static async Task<IResult> ReadAsync(ApiQuery query, ReadPrediction read, IStorefronts storefronts, Words words, Viewer viewer, CancellationToken ct)
    {
        var customer = query.Read(Customer) ?? throw new ProblemException("parameter_malformed", "The parameter {0} is not an id.", 400, Customer.Name) { Parameter = Customer.Name };
        var answer = await read.RunAsync(customer, ct);
        if (answer.Prediction is not { } found)
        {
            return Results.Json(new PredictionAnswer(customer, null, null, null, null, null, [], [], null));
        }
        var currency = await storefronts.CurrencyAsync(ct) ?? "";
        return Results.Json(new PredictionAnswer(
            found.CustomerId, found.PredictedAt, found.Chance, answer.Like is { } like ? new(like.Count, Math.Round(like.Observed, 4)) : null, found.NextType, found.NextTypeShare,
            [.. found.Due.Select(d => ItemOf(d, answer.Products.GetValueOrDefault(d.ProductId))).OfType<DueItem>()],
            [.. found.Reasons.Select(r => new ReasonItem(r.Sign, r.Value is { } value ? Math.Round(value, 4) : null, Math.Round(r.Adds, 4), ChanceText.Of(r, words, viewer, currency)))], found.LastOrderAt));
    }

    private static async Task<IResult> ListAsync(ApiQuery query, ListProspects list, CancellationToken ct)
    {
        var page = await list.RunAsync(new((int)(query.Read(Least) ?? 0), query.Read(Type), query.Place(), null, query.Read(ApiParameter.Limit)), ct);
        return Results.Json(query.Page([.. page.Rows.Select(p => new ProspectItem(p.Prediction.CustomerId, p.Prediction.Chance ?? 0, p.Prediction.NextType, p.Prediction.NextTypeShare,
            p.Prediction.Due is [var due, ..] ? ItemOf(due, p.Due) : null, p.Prediction.LastOrderAt, p.Prediction.PredictedAt))], page.Next));
    }

    private static DueItem? ItemOf(DueProduct due, ProductLabel? product) => product is null ? null : new(product.ProductId, product.Sku, product.Name, due.Expected, due.Earliest, due.Latest);
}

/// <param name="Customer">Id of the customer; people who were merged are one.</param>
/// <param name="PredictedAt">What was known then is in it; null where nothing is foretold.</param>
/// <param name="Chance">That they order within thirty days, from 0 to 1.</param>
/// <param name="NextType">The product type that their next order holds most likely.</param>
/// <param name="NextTypeShare">How likely it is that, from 0 to 1.</param>
/// <param name="Due">What they use up, the earliest first.</param>
/// <param name="Reasons">What speaks for and against the chance, the strongest first.</param>
internal sealed record PredictionAnswer(
    Guid Customer, DateTimeOffset? PredictedAt, double? Chance, ReliabilityItem? Reliability, string? NextType, double? NextTypeShare, IReadOnlyList<DueItem> Due, IReadOnlyList<ReasonItem> Reasons, DateTimeOffset? LastOrderAt);

/// <summary>What came of chances like this one.</summary>
/// <param name="Customers">With about this chance, thirty days before the last run.</param>
/// <param name="Ordered">Share of them who ordered since, from 0 to 1.</param>
internal sealed record ReliabilityItem(int Customers, double Ordered);

/// <param name="Expected">When it will be wanted again: the median.</param>
/// <param name="Earliest">One in ten comes before this.</param>
/// <param name="Latest">One in ten comes after this.</param>
internal sealed record DueItem(Guid Product, string Sku, string Name, DateTimeOffset Expected, DateTimeOffset Earliest, DateTimeOffset Latest);

/// <param name="Sign">What it was read from.</param>
/// <param name="Value">In days, a count, a share or minor units of money, as the sign has it; null where it is not known.</param>
/// <param name="Adds">To the log-odds: above 0 it speaks for an order, below 0 against it.</param>
/// <param name="Text">In the caller's language.</param>
internal sealed record ReasonItem(ChanceSign Sign, double? Value, double Adds, string Text);

/// <param name="Due">What they use up that is due next; null where there is nothing.</param>
internal sealed record ProspectItem(Guid Customer, double Chance, string? NextType, double? NextTypeShare, DueItem? Due, DateTimeOffset LastOrderAt, DateTimeOffset PredictedAt);
