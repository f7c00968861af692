using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Predictions;
using Wellmet.Recommendations.Serving;
using Wellmet.Science.Evaluation;
using Wellmet.Science.Predictions;

namespace Wellmet.Recommendations.Intent;

/// <summary>How likely the running visit of somebody ends with an order. Of who objects to being personalised for nothing is read.</summary>
public sealed class ReadIntent(
    Database database, LogReader log, IntentStore store, PredictionStore cards, IProvenVisitors visitors, CustomerPermission permission, IStorefronts storefronts, TimeProvider time, CurrentActor actor)
{
    /// <summary>Steps that are looked at, the latest ones.</summary>
    private const int MostSteps = 500;

    /// <param name="Learnt">False where too few visits are known to tell anything.</param>
    /// <param name="Visit">Null where none runs, and for who is not known or objects.</param>
    public sealed record Answer(bool Learnt, RunningVisit? Visit)
    {
        /// <summary>Of visits with a chance like this one, in the last fifth of those that it was learnt from; null where no chance is told.</summary>
        public ReliabilityBin? Like { get; init; }
    }

    /// <param name="Chance">That it ends with an order, in (0, 1); null where nothing is learnt.</param>
    /// <param name="Reasons">In the order of <see cref="SessionFeatures.Columns"/>; empty where nothing is learnt.</param>
    public sealed record RunningVisit(DateTimeOffset BeganAt, DateTimeOffset LastAt, SessionFeatures Features, double? Chance, IReadOnlyList<double> Reasons);

    /// <param name="customerId">The customer, or any of its subjects.</param>
    /// <param name="anonymousId">The number that the shop's page gave to a visitor; looked at where no customer is named.</param>
    public async Task<Answer> RunAsync(Guid? customerId, string? anonymousId, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Predictions);
        var model = await store.CurrentAsync(ct);
        if ((customerId ?? await visitors.ClaimedAsync(anonymousId, ct)) is not { } somebody || await permission.SubjectsAsync(somebody, ct) is not { } subjects)
        {
            return new Answer(model is not null, null);
        }
        var visits = new CustomerVisits(await StepsAsync(subjects, ct), await LearnIntent.ZoneAsync(storefronts, ct));
        if (visits.RunningAt(time.GetUtcNow().ToUnixTimeSeconds()) is not { } running)
        {
            return new Answer(model is not null, null);
        }
        var features = visits.After(running, running.Count);
        var chance = model?.Probability(features);
        var visit = new RunningVisit(DateTimeOffset.FromUnixTimeSeconds(running.Began), DateTimeOffset.FromUnixTimeSeconds(running.Last), features, chance, model?.Explain(features).Contributions ?? []);
        return new Answer(model is not null, visit) { Like = chance is { } told ? (await cards.CardAsync(ct))?.Intent?.Quality?.Like(told) : null };
    }

    /// <summary>Orders of any time, as in learning.</summary>
    private async Task<IEnumerable<VisitStep>> StepsAsync(IReadOnlyList<Guid> subjects, CancellationToken ct)
    {
        var since = time.GetUtcNow().AddDays(-CustomerVisits.ReturningDays - 1);
        var happened = await database.ReadAsync(async s => (await log.LatestOfSubjectsAsync(s, subjects, VisitStep.Events, since, MostSteps, ct)).Concat(
            await log.LatestOfSubjectsAsync(s, subjects, [typeof(OrderPlaced), typeof(CustomerErased)], DateTimeOffset.UnixEpoch, MostSteps, ct)).ToList(), ct);
        return happened.Exists(d => d.Event is CustomerErased) ? [] : happened.Select(d => VisitStep.Of(d.Event)).OfType<VisitStep>();
    }
}
