using Wellmet.Platform.Access;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Models;
using Wellmet.Science.Predictions;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Clocks;

namespace Wellmet.Recommendations.Predictions;

/// <summary>
/// Learns how likely a customer is to order within thirty days, and what. An example is a customer as they stood on a day thirty, sixty … days ago, and whether they ordered in the thirty days after it.
/// A first model learns from all such days but the latest and is measured on that; the one that foretells learns from the latest days, too. Nothing is told where there is too little to learn from, or
/// where the first model was not surely better than chance.
/// </summary>
public sealed class LearnPredictions(BuyerReader reader, ModelStore models, PredictionOptions options, PredictionStatus status, CurrentActor actor)
{
    /// <summary>Days that are learnt from, and one more that is measured on; each example looks at most thirty days further back for what was looked at.</summary>
    private const int LearntDays = 4;

    /// <summary>Smaller trees than the default's: a dozen columns, and at least fifty customers behind each leaf.</summary>
    internal static readonly GradientBoostingSettings Trees = new(Trees: 200, LearningRate: 0.08, Leaves: 8, MinRows: 50);

    /// <param name="buyers">Subjects who ordered: all of them, or a sample.</param>
    /// <returns>Null while there is no model of recommendations, which knows the types of products.</returns>
    internal async Task<LearntPredictions?> RunAsync(IReadOnlyList<Guid> buyers, DateTimeOffset now, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Train);
        if (models.Current is not { } model)
        {
            return null;
        }
        var histories = new List<BuyerHistory>();
        var seen = new HashSet<Guid>();
        foreach (var page in buyers.Chunk(options.PageSize))
        {
            histories.AddRange((await reader.RunAsync(page, now.AddDays(-(LearntDays + 2) * IPredictions.Days), ct)).Where(h => seen.Add(h.CustomerId)));
            status.Report(PredictionStage.Reading, histories.Count, buyers.Count);
        }
        status.Report(PredictionStage.Learning, 0, null);
        histories.Sort((a, b) => a.CustomerId.CompareTo(b.CustomerId));
        return await Task.Run(() => Learn(histories, model, now, ct), ct);
    }

    private LearntPredictions Learn(List<BuyerHistory> histories, ShopModel model, DateTimeOffset now, CancellationToken ct)
    {
        var (at, month) = (now.ToUnixTimeSeconds(), (long)IPredictions.Days * BuyerFeatures.SecondsPerDay);
        var cut = at - month;
        var next = NextTypeLearner.Learn(histories, model, (cut, at), options, ct);
        var examples = ExamplesAt(1, LearntDays, model.Habits.Clocks);
        var learnt = new LearntPredictions(model, now, null, next.Model) { LearntFrom = histories.Count, Examples = examples.Outcomes.Length, NextTypeQuality = next.Quality };
        var measured = ExamplesAt(1, 1, next.Clocks);
        var before = ExamplesAt(2, LearntDays + 1, next.Clocks);
        if (!measured.Outcomes.Contains(true))
        {
            return learnt with { State = ChanceState.NoOrdersLately };
        }
        var first = histories.SelectMany(h => h.KeptBefore(at)).Min(k => k.Time);
        if (at - first < (long)options.LeastDays * BuyerFeatures.SecondsPerDay || Fewest(before) < options.LeastOutcomes || Fewest(measured) < options.LeastMeasured)
        {
            return learnt with { State = ChanceState.TooLittle };
        }
        var quality = Measure(CalibratedTrees.Train(before, Trees, TrainModel.Threads, ct), measured);
        return !quality.IsBetterThanChance
            ? learnt with { State = ChanceState.NoBetterThanChance, Quality = quality }
            : learnt with { State = ChanceState.Told, Quality = quality, Chance = CalibratedTrees.Train(examples, Trees, TrainModel.Threads, ct) };

        Examples ExamplesAt(int from, int to, RepurchaseClocks clocks)
        {
            var (rows, outcomes) = (new List<double[]>(), new List<bool>());
            for (var back = from; back <= to; back++)
            {
                var day = at - (back * month);
                foreach (var history in histories)
                {
                    ct.ThrowIfCancellationRequested();
                    if (BuyerFeatures.Of(history, day, model, clocks) is { } row)
                    {
                        rows.Add(row);
                        outcomes.Add(history.OrderedWithin(day, day + month));
                    }
                }
            }
            return new Examples(BuyerFeatures.Columns, rows, [.. outcomes]);
        }
    }

    private static int Fewest(Examples examples)
    {
        var yes = examples.Outcomes.Count(o => o);
        return Math.Min(yes, examples.Outcomes.Length - yes);
    }

    private static ChanceQuality Measure(CalibratedTrees trees, Examples measured) => ChanceQuality.Of([.. measured.Rows.Select(row => trees.Probability(row))], measured.Outcomes);
}
