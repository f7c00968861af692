using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Api;
using Wellmet.Recommendations.Contract;
using Wellmet.Science.Predictions;

namespace Wellmet.Recommendations.Intent;

/// <summary>The chance of a running visit for programs: <c>/v1/recommendations/intent</c>.</summary>
internal static class IntentApi
{
    private const string Path = "/v1/recommendations/intent";

    /// <summary>So many reasons are told.</summary>
    private const int MostReasons = 5;

    private static readonly ApiParameter<Guid?> Customer = ApiParameter.Id("customer", "Id of the customer, or of any of its subjects.");
    private static readonly ApiParameter<string?> Anonymous = ApiParameter.Text("anonymous_id", "The number that your page gave to a visitor; read where no customer is named.", 300, "v-77");

    private static readonly DateTimeOffset Then = new(2026, 1, 31, 15, 4, 0, TimeSpan.Zero);

    private static readonly ApiOperation Read = new("read_intent", ApiGroups.Recommendations, "Read how likely a running visit ends with an order",
        "From what was told of the visit so far: pages, products, searches, the basket, the checkout; a visit ends with an order or after half an hour of silence. `status` is `foretold`; `no_visit`, where none runs, or the person is not "
        + "known or wants no personal recommendations; or `not_learnt`, where the shop has too few visits to learn from. `reliability` says what came of chances like it, in later visits than those that were learnt from.")
    {
        Parameters = [Customer, Anonymous],
        Answer = ApiContent.Of(new IntentAnswer(IntentStatus.Foretold, 0.34, new(210, 0.33), new(Then, Then.AddMinutes(6), 4, 3, 1, 0, true), [new("basket_adds", 1, 0.92)])),
    };

    public static void Map(IEndpointRouteBuilder app) => app.MapGet(Path, ReadAsync).RequirePermission(RecommendationsPermissions.Predictions).AcceptKeys().Describe(Read);

    private static async Task<IResult> ReadAsync(ApiQuery query, ReadIntent read, CancellationToken ct)
    {
        var (customer, anonymous) = (query.Read(Customer), query.Read(Anonymous));
        if (customer is null && string.IsNullOrEmpty(anonymous))
        {
            throw new ProblemException("parameter_missing", "The parameter {0} is missing.", 400, Customer.Name) { Parameter = Customer.Name };
        }
        var answer = await read.RunAsync(customer, anonymous, ct);
        return Results.Json(answer.Visit is not { } visit ? new IntentAnswer(answer.Learnt ? IntentStatus.NoVisit : IntentStatus.NotLearnt, null, null, null, [])
            : new IntentAnswer(visit.Chance is null ? IntentStatus.NotLearnt : IntentStatus.Foretold, visit.Chance is { } chance ? Math.Round(chance, 4) : null,
                answer.Like is { } like ? new(like.Count, Math.Round(like.Observed, 4)) : null, ItemOf(visit), [.. ReasonsOf(visit)]));
    }

    private static VisitItem ItemOf(ReadIntent.RunningVisit visit) => new(visit.BeganAt, visit.LastAt, visit.Features.ProductViews, visit.Features.DistinctProducts,
        visit.Features.BasketAdds, visit.Features.BasketRemovals, visit.Features.CheckoutStarted);

    private static IEnumerable<SignItem> ReasonsOf(ReadIntent.RunningVisit visit)
    {
        var row = visit.Features.ToRow();
        return visit.Reasons.Select((adds, column) => new SignItem(SessionFeatures.Columns[column].Name, double.IsNaN(row[column]) ? null : Math.Round(row[column], 4), Math.Round(adds, 4)))
            .Where(r => r.Adds != 0).OrderByDescending(r => Math.Abs(r.Adds)).Take(MostReasons);
    }
}

/// <summary>Whether a chance is told.</summary>
internal enum IntentStatus
{
    /// <summary>It is.</summary>
    Foretold,

    /// <summary>No visit runs, or the person is not known or wants no personal recommendations.</summary>
    NoVisit,

    /// <summary>The shop has too few visits to learn from.</summary>
    NotLearnt,
}

/// <param name="Chance">That the visit ends with an order, from 0 to 1; null unless it is foretold.</param>
/// <param name="Reliability">What came of chances like this one.</param>
/// <param name="Visit">Null where none runs.</param>
/// <param name="Reasons">What speaks for and against it, the strongest first; at most five.</param>
internal sealed record IntentAnswer(IntentStatus Status, double? Chance, VisitReliability? Reliability, VisitItem? Visit, IReadOnlyList<SignItem> Reasons);

/// <param name="Visits">With about this chance, that the model had not seen.</param>
/// <param name="Ordered">Share of them that ended with an order, from 0 to 1.</param>
internal sealed record VisitReliability(int Visits, double Ordered);

/// <param name="LastAt">When the last step was told.</param>
internal sealed record VisitItem(DateTimeOffset BeganAt, DateTimeOffset LastAt, int ProductViews, int DistinctProducts, int BasketAdds, int BasketRemovals, bool CheckoutStarted);

/// <param name="Sign">What it was read from.</param>
/// <param name="Value">Null where it is not known.</param>
/// <param name="Adds">To the log-odds: above 0 it speaks for an order, below 0 against it.</param>
internal sealed record SignItem(string Sign, double? Value, double Adds);
