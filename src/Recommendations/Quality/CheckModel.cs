using Microsoft.Extensions.Logging;
using Wellmet.Platform.Access;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Models;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Quality;
using Wellmet.Science.Recommenders.Signals;

namespace Wellmet.Recommendations.Quality;

/// <summary>
/// Measures how well the model foretells: learns from nine tenths of the shop's time, and asks what customers bought in the last one. Then tries other settings (<see cref="ForYouTuning"/>, on
/// the nine tenths alone) and keeps them where they foretell the last tenth better, and fits how much each kind of signal says (<see cref="SignalFitter"/>).
/// </summary>
public sealed class CheckModel(PurchaseHistory history, SignalHistory signals, QualityStore store, QualityOptions options, TrainingStatus status, TimeProvider time, CurrentActor actor, ILogger<CheckModel> logger)
{
    private const double Share = 0.1;

    /// <param name="again">Also where it was done today.</param>
    /// <returns>Null where there is too little to measure, or another node does it.</returns>
    public async Task<QualityReport?> RunAsync(bool again, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Train);
        var day = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (!await store.TakeAsync(day, time.GetUtcNow(), again, ct))
        {
            return null;
        }
        var report = await status.RunAsync(TrainingStage.Checking, async () =>
        {
            var data = await history.ReadAsync(static _ => { }, ct);
            var settings = (await store.SettingsAsync(ct)).ForYou;
            var split = await Task.Run(() => TimeSplit.Of(data.Interactions, Share), ct);
            if (split.Later.Count < options.LeastCustomers)
            {
                return null;
            }
            var examples = await signals.ReadAsync(data, split.Cut, ct);
            return await Task.Run(() => Check(data, split, examples, settings, ct), ct);
        }, ct);
        await store.FinishAsync(day, time.GetUtcNow(), report, ct);
        status.Tell();
        return report;
    }

    private QualityReport Check(PurchaseData data, TimeSplit split, IReadOnlyList<SignalExample> examples, ForYouSettings current, CancellationToken ct)
    {
        var run = new TrainingRun(TrainModel.Threads, ct);
        var bestsellers = Bestsellers.Train(split.Before);
        var shown = new ShownLists(split, bestsellers, ShopHabits.Learn(split.Before, data.Labels, ct));
        var best = Measure(current);
        var tuned = split.Later.Count >= options.LeastToTune ? Tune(split.Before, run) : null;
        if (tuned is not null && tuned != current && Measure(tuned) is var other && other.Quality.Recall + other.Quality.Ndcg > best.Quality.Recall + best.Quality.Ndcg)
        {
            best = other;
        }
        var (settings, model, found) = best;
        var days = (int)((data.Interactions.LatestTime - split.Cut) / 86_400);
        return new QualityReport(found.Customers, days, found.Hit, found.Recall, found.Ndcg, found.Coverage, ListQuality.OfBestsellers(bestsellers, split).Hit, settings, tuned is not null)
        {
            Signals = SignalFitter.Fit(model.ForYou, examples, ct: ct),
        };

        (ForYouSettings Settings, RecommenderModel Model, ListQuality Quality) Measure(ForYouSettings settings)
        {
            var model = RecommenderModel.Train(split.Before, new RecommenderSettings(ForYou: settings), run);
            return (settings, model, ListQuality.Of(split, user =>
            {
                ct.ThrowIfCancellationRequested();
                return shown.Of(model, user);
            }));
        }
    }

    /// <summary>Null where it takes too long.</summary>
    private ForYouSettings? Tune(Interactions before, TrainingRun run)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(run.Cancellation);
        limit.CancelAfter(options.Patience);
        try
        {
            return ForYouTuning.Choose(before, run with { Cancellation = limit.Token });
        }
        catch (OperationCanceledException) when (!run.Cancellation.IsCancellationRequested)
        {
            logger.LogWarning("Tuning the recommendations took longer than {Patience} and was given up; they go on with the settings of before", options.Patience);
            return null;
        }
    }
}
