using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Signals;

namespace Wellmet.Recommendations.Quality;

/// <summary>How well the model would have foretold the last tenth of the shop's time from what was before; shares in [0, 1], lists of twenty.</summary>
/// <param name="Customers">Who had bought before, and bought something new in that time; few of them say little.</param>
/// <param name="Days">Length of that time.</param>
/// <param name="Hit">Share of them who bought at least one of their list.</param>
/// <param name="Recall">Share of what they bought that was in their list.</param>
/// <param name="Ndcg">The same where places count.</param>
/// <param name="Coverage">Share of all products that stood in at least one list.</param>
/// <param name="BestsellersHit">Hit of the twenty best sellers that a customer did not have.</param>
/// <param name="Settings">With which it was; the next training learns with them.</param>
/// <param name="Tuned">Other settings were tried: these are the best of them.</param>
public sealed record QualityReport(int Customers, int Days, double Hit, double Recall, double Ndcg, double Coverage, double BestsellersHit, ForYouSettings Settings, bool Tuned)
{
    /// <summary>How much each kind of signal says, fitted to the same last tenth; null in reports of before.</summary>
    public SignalFit? Signals { get; init; }
}

/// <summary>What to train and serve with.</summary>
/// <param name="Signals">Null for the starting values.</param>
public sealed record FoundSettings(ForYouSettings ForYou, SignalFit? Signals);

/// <summary>A report and its day (UTC).</summary>
public readonly record struct DatedReport(DateOnly Day, QualityReport Report);

/// <summary>When and how the model is measured; the defaults suit production, tests shorten them.</summary>
public sealed record QualityOptions
{
    /// <summary>Fewer customers with something new say nothing, and are not measured.</summary>
    public int LeastCustomers { get; init; } = 20;

    /// <summary>With fewer the best of many settings would be the luckiest one.</summary>
    public int LeastToTune { get; init; } = 200;

    /// <summary>After a start, until it is thought of.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often it is looked whether a day has begun, or another node found better settings.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Tuning that takes longer is given up, and the settings stay.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(30);
}
