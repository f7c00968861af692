using Wellmet.Recommendations.Intent;
using Wellmet.Science.Evaluation;

namespace Wellmet.Recommendations.Predictions;

/// <summary>Whether chances are told.</summary>
public enum ChanceState
{
    /// <summary>They are.</summary>
    Told,

    /// <summary>Nobody ordered in the last thirty days.</summary>
    NoOrdersLately,

    /// <summary>The shop is too young, or too few customers came back.</summary>
    TooLittle,

    /// <summary>On later days, which the model had not seen, it was not surely better than chance.</summary>
    NoBetterThanChance,
}

/// <summary>How well chances foretold the last thirty days, by a model that had seen nothing of them.</summary>
/// <param name="Customers">Whose chance was foretold; visits, where it is the chance of a visit.</param>
/// <param name="Ordered">Of them, within the thirty days, or in the visit.</param>
/// <param name="Auc">How often somebody who ordered had a higher chance than somebody who did not; see <see cref="BinaryMetrics.Auc"/>.</param>
/// <param name="AucError">Its standard error.</param>
/// <param name="CalibrationError">Mean distance of what was foretold and what came, over <paramref name="Bins"/>; see <see cref="Reliability.ExpectedCalibrationError"/>.</param>
/// <param name="Bins">Ten groups of as many customers each, by rising chance.</param>
public sealed record ChanceQuality(int Customers, int Ordered, double Auc, double AucError, double CalibrationError, IReadOnlyList<ReliabilityBin> Bins)
{
    private const int Groups = 10;

    /// <summary>Chances that were foretold, and what came.</summary>
    internal static ChanceQuality Of(double[] chances, bool[] outcomes)
    {
        var yes = outcomes.Count(o => o);
        var auc = BinaryMetrics.Auc(chances, outcomes);
        var bins = Reliability.EqualCount(chances, outcomes, Groups);
        return new ChanceQuality(chances.Length, yes, auc, BinaryMetrics.AucError(auc, yes, chances.Length - yes), Reliability.ExpectedCalibrationError(bins), bins);
    }

    /// <summary>Better than chance, surely: one-sided, 95 %.</summary>
    internal bool IsBetterThanChance => Auc - (1.645 * AucError) > 0.5;

    /// <summary>The group with chances like this one: what came of it says how far the chance can be relied on.</summary>
    public ReliabilityBin Like(double chance) => Bins.MinBy(b => Math.Abs(b.Predicted - chance));
}

/// <summary>How often the product type that was foretold was in the next order, within the same thirty days.</summary>
/// <param name="Customers">Who ordered then, and had ordered before.</param>
/// <param name="Hit">Share of them, in [0, 1].</param>
/// <param name="BestsellerHit">The same of the type that sold best.</param>
public sealed record NextTypeQuality(int Customers, double Hit, double BestsellerHit);

/// <summary>Customers whose next order holds a type most likely.</summary>
public sealed record TypeCount(string Type, int Customers);

/// <summary>What predictions were learnt from, and how far they can be relied on.</summary>
/// <param name="Predicted">Customers of whom something is foretold.</param>
/// <param name="LearntFrom">Customers whose histories it was learnt from; of many buyers a sample.</param>
/// <param name="Examples">Their histories as they stood on several days.</param>
/// <param name="Quality">Null where there was too little to measure.</param>
/// <param name="NextType">Likewise.</param>
/// <param name="Types">The most frequent ones, the first one most.</param>
public sealed record PredictionCard(
    DateTimeOffset MadeAt, TimeSpan Took, ChanceState State, int Predicted, int LearntFrom, int Examples, ChanceQuality? Quality, NextTypeQuality? NextType, IReadOnlyList<TypeCount> Types)
{
    /// <summary>Whether a running visit ends with an order; null in cards of before.</summary>
    public IntentCard? Intent { get; init; }
}

/// <summary>When predictions are made, and out of how much; the defaults suit production, tests change them.</summary>
public sealed record PredictionOptions
{
    /// <summary>Customers that are learnt from, at most: their histories are in memory at once.</summary>
    public int Sample { get; init; } = 20_000;

    /// <summary>Customers whose predictions are made and written in one go.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>A younger shop has not enough days to learn from and to measure on.</summary>
    public int LeastDays { get; init; } = 120;

    /// <summary>Examples of each outcome that a model is learnt from, at least.</summary>
    public int LeastOutcomes { get; init; } = 100;

    /// <summary>Customers with each outcome in the last thirty days, at least.</summary>
    public int LeastMeasured { get; init; } = 30;

    /// <summary>Second and later orders that the next type is learnt from, at least.</summary>
    public int LeastRepeats { get; init; } = 100;

    /// <summary>After a start, until it is thought of.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How often it is looked whether a day has begun.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMinutes(1);
}
