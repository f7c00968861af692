using Wellmet.Recommendations.Predictions;

namespace Wellmet.Recommendations.Intent;

/// <summary>Whether the chance is told that a visit ends with an order.</summary>
public enum IntentState
{
    /// <summary>It is.</summary>
    Told,

    /// <summary>Too few visits that ended with an order, or without one.</summary>
    TooFew,

    /// <summary>On later visits, which the model had not seen, it was not surely better than chance.</summary>
    NoBetterThanChance,
}

/// <summary>What the chance of a visit is learnt from, and how far it can be relied on.</summary>
/// <param name="Visits">That were read.</param>
/// <param name="Ordered">Of them, those that ended with an order.</param>
/// <param name="Quality">On the last fifth of the visits, by a model that had seen none of them; null where there are too few.</param>
public sealed record IntentCard(IntentState State, int Visits, int Ordered, ChanceQuality? Quality)
{
    /// <summary>When learning first failed since then, so that this is of before; null where it did not.</summary>
    public DateTimeOffset? FailingSince { get; init; }
}

/// <summary>How much the chance of a visit is learnt from; the defaults suit production, tests change them.</summary>
public sealed record IntentOptions
{
    /// <summary>Visits that began so many days ago, at most, are learnt from.</summary>
    public int Days { get; init; } = 60;

    /// <summary>So many visits with each outcome, at least, to learn from.</summary>
    public int LeastOutcomes { get; init; } = 100;

    /// <summary>Likewise, to measure on.</summary>
    public int LeastMeasured { get; init; } = 30;

    /// <summary>Steps that are read, some 60 MB; of more, those of a part of the customers.</summary>
    public int MostSteps { get; init; } = 1_000_000;
}
