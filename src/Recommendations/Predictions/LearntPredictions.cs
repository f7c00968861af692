using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Models;
using Wellmet.Science.Predictions;
using Wellmet.Science.Recommenders.NextTypes;

namespace Wellmet.Recommendations.Predictions;

/// <summary>What was learnt in a run; foretells one customer after the other. Immutable, safe for any number of threads.</summary>
/// <param name="Now">What is known then counts.</param>
/// <param name="Chance">Null where none is told; see <see cref="State"/>.</param>
/// <param name="NextTypes">Null where too little is known.</param>
internal sealed record LearntPredictions(ShopModel Model, DateTimeOffset Now, CalibratedTrees? Chance, NextTypeModel? NextTypes)
{
    /// <summary>Of the log-odds: less says nothing worth telling.</summary>
    private const double LeastReason = 0.05;

    public ChanceState State { get; init; }
    public int LearntFrom { get; init; }
    public int Examples { get; init; }
    public ChanceQuality? Quality { get; init; }
    public NextTypeQuality? NextTypeQuality { get; init; }

    /// <summary>Null where nothing can be foretold.</summary>
    public CustomerPrediction? Of(BuyerHistory history)
    {
        var now = Now.ToUnixTimeSeconds();
        var kept = history.KeptBefore(now);
        if (kept.Count == 0 || BuyerFeatures.Of(history, now, Model, Model.Habits.Clocks) is not { } row)
        {
            return null;
        }
        var lines = history.Lines(kept, Model);
        var next = NextTypes is null ? null : NextTypeLearner.Best(NextTypes, lines, now);
        var due = BuyerFeatures.NeedsOf(lines, Model.Habits.Clocks, now).Select(n => new DueProduct(Model.Products[n.Item], Time(n.Expected), Time(n.Earliest), Time(n.Latest)))
            .Where(d => !history.Unwanted.Contains(d.ProductId)).Take(IPredictions.MostDue).ToList();
        return Chance is null && next is null && due.Count == 0 ? null : new CustomerPrediction(
            history.CustomerId, Chance?.Probability(row), next is { } best ? Model.Habits.TypeNames[best.Type] : null, next?.Share, due, ReasonsOf(row), Time(kept[^1].Time), Now);
    }

    private List<ChanceReason> ReasonsOf(double[] row) => Chance is null ? [] :
        [.. Chance.Explain(row).Contributions.Select((adds, sign) => new ChanceReason((ChanceSign)sign, double.IsNaN(row[sign]) ? null : row[sign], adds))
            .Where(r => Math.Abs(r.Adds) >= LeastReason).OrderByDescending(r => Math.Abs(r.Adds)).Take(IPredictions.MostReasons)];

    private static DateTimeOffset Time(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds);
}
