using Wellmet.Platform.Access;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Models.Live;
using Wellmet.Recommendations.Quality;
using Wellmet.Science.Recommenders;

namespace Wellmet.Recommendations.Models;

/// <summary>
/// Learns from all orders in the log, and from what people looked at, and puts the new model in place of the old one, which serves until then. The same log and settings give the same
/// model, bit for bit, so several nodes that train each for themselves answer alike.
/// </summary>
public sealed class TrainModel(PurchaseHistory history, ViewHistory views, ModelStore models, ModelVersions versions, QualityStore quality, TrainingStatus status, TimeProvider time, CurrentActor actor)
{
    /// <summary>One processor is left to those who are being served.</summary>
    internal static readonly int Threads = Math.Max(1, Environment.ProcessorCount - 1);

    public Task<ModelCard> RunAsync(CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Train);
        return status.RunAsync(TrainingStage.Reading, () => TrainAsync(ct), ct);
    }

    private async Task<ModelCard> TrainAsync(CancellationToken ct)
    {
        var started = time.GetTimestamp();
        var data = await history.ReadAsync(status.Read, ct);
        var visits = await views.ReadAsync(data.Products, ct);
        var settings = await quality.SettingsAsync(ct);
        var card = await Task.Run(() =>
        {
            var model = Learn(data, visits, settings, started, ct);
            models.Publish(model);
            return model.Card;
        }, ct);
        await versions.ForgetErasedAsync(ct);
        return card;
    }

    private ShopModel Learn(PurchaseData data, Visits visits, FoundSettings settings, long started, CancellationToken ct)
    {
        var interactions = data.Interactions;
        var total = (long)interactions.ItemCount * RecommenderModel.Passes;
        var done = 0L;
        var all = new RecommenderSettings(ForYou: settings.ForYou);
        var recommender = RecommenderModel.Train(interactions, all, new TrainingRun(Threads, ct)
        {
            Finished = items => status.Learned(Interlocked.Add(ref done, items), total),
        });
        var customersOfBoth = SharedCounts.Count(recommender.AlsoBought, interactions.Items);
        var ordersWithBoth = SharedCounts.Count(recommender.BoughtTogether, interactions.Orders.Transpose());
        var habits = ShopHabits.Learn(interactions, data.Labels, ct);
        var similar = LikeNames.Learn(data.Labels, new TrainingRun(Threads, ct));
        var card = ModelCard.Of(recommender, interactions, data.Position, time.GetUtcNow(), time.GetElapsedTime(started)) with { Settings = settings.ForYou, Signals = settings.Signals };
        return new ShopModel(recommender, data.Products, customersOfBoth, ordersWithBoth, habits, similar, card)
        {
            Live = new LiveShop(recommender.Follow(interactions, all), data.Customers, data.Position),
            Viewed = AlsoViewed.Learn(visits.Looks, new TrainingRun(Threads, ct)), Next = NextLooks.Learn(visits, new TrainingRun(Threads, ct)), Places = ShopPlaces.Learn(interactions, data.Countries),
        };
    }
}
