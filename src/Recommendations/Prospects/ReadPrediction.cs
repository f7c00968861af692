using Wellmet.Commerce.Contract;
using Wellmet.Platform.Access;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Predictions;
using Wellmet.Science.Evaluation;

namespace Wellmet.Recommendations.Prospects;

/// <summary>What is foretold of one customer, and how far it can be relied on.</summary>
public sealed class ReadPrediction(IPredictions predictions, PredictionStore store, ICatalog catalog, CurrentActor actor)
{
    /// <param name="Prediction">Null where there is none: they ordered nothing before the last run, object to being personalised for, or too little is known.</param>
    /// <param name="Like">What came of chances like this one in the thirty days before the last run; null where no chance is told.</param>
    /// <param name="Card">Of the last run; null before the first one.</param>
    /// <param name="Products">Those that are due.</param>
    public sealed record Answer(CustomerPrediction? Prediction, ReliabilityBin? Like, PredictionCard? Card, IReadOnlyDictionary<Guid, ProductLabel> Products);

    /// <param name="customerId">The customer, or any of its subjects.</param>
    public async Task<Answer> RunAsync(Guid customerId, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Predictions);
        var card = await store.CardAsync(ct);
        var prediction = (await predictions.OfAsync([customerId], ct)).GetValueOrDefault(customerId);
        var like = prediction?.Chance is { } chance ? card?.Quality?.Like(chance) : null;
        return new Answer(prediction, like, card, await catalog.LabelsAsync([.. prediction?.Due.Select(d => d.ProductId) ?? []], ct));
    }
}
