using Microsoft.Extensions.DependencyInjection;
using Wellmet.Commerce.Contract;
using Wellmet.Platform.Access;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Intent;
using Wellmet.Recommendations.Models;

namespace Wellmet.Recommendations.Predictions;

/// <summary>
/// Foretells what each customer will do next, in place of what was foretold before: learns from a sample of the buyers, then goes through all of them page by page, so that memory does not grow with
/// their number.
/// </summary>
public sealed class MakePredictions(IServiceScopeFactory scopes, PredictionStore store, PredictionOptions options, PredictionStatus status, TimeProvider time, CurrentActor actor)
{
    /// <summary>Types that the card names.</summary>
    private const int MostTypes = 30;

    /// <param name="again">Also where it was done today.</param>
    /// <returns>Null where another node does it, or while nothing is learnt of the shop's products.</returns>
    public async Task<PredictionCard?> RunAsync(bool again, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Train);
        var (now, started) = (time.GetUtcNow(), time.GetTimestamp());
        var day = DateOnly.FromDateTime(now.UtcDateTime);
        if (!await store.TakeAsync(day, now, again, ct))
        {
            return null;
        }
        var failed = true;
        try
        {
            status.Report(PredictionStage.Reading, 0, null);
            var (all, learnt) = await InScopeAsync(async services =>
            {
                var (count, sample) = await services.GetRequiredService<SampleBuyers>().RunAsync(ct);
                return (count, await services.GetRequiredService<LearnPredictions>().RunAsync(sample, now, ct));
            });
            if (learnt is not null)
            {
                var types = new Dictionary<string, int>(StringComparer.Ordinal);
                var predicted = await PredictAsync(learnt, all, types, ct);
                var frequent = types.OrderByDescending(t => t.Value).ThenBy(t => t.Key, StringComparer.Ordinal).Take(MostTypes).Select(t => new TypeCount(t.Key, t.Value));
                status.Report(PredictionStage.Learning, 0, null);
                var intent = await InScopeAsync(services => services.GetRequiredService<RenewIntent>().RunAsync(now, ct));
                var card = new PredictionCard(now, time.GetElapsedTime(started), learnt.State, predicted, learnt.LearntFrom, learnt.Examples, learnt.Quality, learnt.NextTypeQuality, [.. frequent]) { Intent = intent };
                await store.FinishAsync(day, card, time.GetUtcNow(), ct);
                failed = false;
                return card;
            }
            failed = false;
            return null;
        }
        finally
        {
            status.End(failed && !ct.IsCancellationRequested);
        }
    }

    /// <summary>Each page in a scope of its own: what the gate answers is kept for a scope.</summary>
    private async Task<int> PredictAsync(LearntPredictions learnt, int all, Dictionary<string, int> types, CancellationToken ct)
    {
        var (predicted, done, after) = (0, 0, Guid.Empty);
        while (true)
        {
            status.Report(PredictionStage.Predicting, done, all);
            var (buyers, histories) = await InScopeAsync(async services =>
            {
                var page = await services.GetRequiredService<IOrders>().BuyersAsync(after, options.PageSize, ct);
                return (page, page.Count == 0 ? [] : await services.GetRequiredService<BuyerReader>().RunAsync(page, learnt.Now.AddDays(-BuyerFeatures.LatelyDays), ct));
            });
            if (buyers.Count == 0)
            {
                return predicted;
            }
            var rows = await Task.Run(() => histories.AsParallel().AsOrdered().WithDegreeOfParallelism(TrainModel.Threads).WithCancellation(ct).Select(learnt.Of).OfType<CustomerPrediction>().ToList(), ct);
            await store.WriteAsync(rows, ct);
            foreach (var type in rows.Select(r => r.NextType).OfType<string>())
            {
                types[type] = types.GetValueOrDefault(type) + 1;
            }
            (predicted, done, after) = (predicted + rows.Count, done + buyers.Count, buyers[^1]);
        }
    }

    private async Task<T> InScopeAsync<T>(Func<IServiceProvider, Task<T>> use)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = actor.Value;
        return await use(scope.ServiceProvider);
    }
}
