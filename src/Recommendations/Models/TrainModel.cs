using Wellmet.Platform.Access;
using Wellmet.Recommendations.Contract;
using Wellmet.Science.Recommenders;

namespace Wellmet.Recommendations.Models;

/// <summary>
/// Learns from all orders in the log and puts the new model in place of the old one, which serves until then. The same log gives the same
/// model, bit for bit, so several nodes that train each for themselves answer alike.
/// </summary>
public sealed class TrainModel(PurchaseHistory history, ModelStore models, TrainingStatus status, TimeProvider time, CurrentActor actor)
{
    /// <summary>One processor is left to those who are being served.</summary>
    private static readonly int Threads = Math.Max(1, Environment.ProcessorCount - 1);

    public Task<ModelCard> RunAsync(CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Train);
        return status.RunAsync(() => TrainAsync(ct), ct);
    }

    private async Task<ModelCard> TrainAsync(CancellationToken ct)
    {
        var started = time.GetTimestamp();
        var data = await history.ReadAsync(status.Read, ct);
        return await Task.Run(() =>
        {
            var model = Learn(data, started, ct);
            models.Publish(model);
            return model.Card;
        }, ct);
    }

    private ShopModel Learn(PurchaseData data, long started, CancellationToken ct)
    {
        var interactions = data.Interactions;
        var total = (long)interactions.ItemCount * RecommenderModel.Passes;
        var done = 0L;
        var recommender = RecommenderModel.Train(interactions, null, new TrainingRun(Threads, ct)
        {
            Finished = items => status.Learned(Interlocked.Add(ref done, items), total),
        });
        var customersOfBoth = SharedCounts.Count(recommender.AlsoBought, interactions.Items);
        var ordersWithBoth = SharedCounts.Count(recommender.BoughtTogether, interactions.Orders.Transpose());
        var habits = ShopHabits.Learn(interactions, data.Labels, ct);
        var similar = LikeNames.Learn(data.Labels, new TrainingRun(Threads, ct));
        var card = ModelCard.Of(recommender, interactions, data.Position, time.GetUtcNow(), time.GetElapsedTime(started));
        return new ShopModel(recommender, data.Products, customersOfBoth, ordersWithBoth, habits, similar, card);
    }
}
