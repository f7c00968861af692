using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Experiments;

/// <summary>What a unit is to be shown.</summary>
/// <param name="Variant">Index in the plan; 0 is the control.</param>
/// <param name="Counts">Whether the experiment runs; else it was decided, and this is its winner.</param>
public sealed record AssignedVariant(Guid ExperimentId, int Variant, string Name, IReadOnlyDictionary<string, string> Settings, bool Counts);

/// <summary>A unit was shown its variant.</summary>
/// <param name="Covariate">What the metric was for the unit in a fixed time before the experiment, for CUPED; 0 where nothing is known. Read at the first exposure only.</param>
public sealed record Exposure(Guid SubjectId, AssignedVariant Assigned, DateTimeOffset At, double Covariate = 0);

/// <summary>Something came of it.</summary>
/// <param name="OutcomeId">Of the click, the order …: the same again changes nothing.</param>
/// <param name="RevenueMinor">Of a conversion, or of a change of revenue alone (a refund is below 0); in minor units of one currency.</param>
/// <param name="Area">Where it happened; null where it counts for all experiments of the unit.</param>
public sealed record Outcome(Guid SubjectId, ExperimentMetric Metric, Guid OutcomeId, DateTimeOffset At, long RevenueMinor = 0, string? Area = null);

/// <summary>
/// Experiments as places use them: ask what to show, say that it was shown, say what came of it. A unit is a subject. Whoever records asks the
/// purpose gate first, as measuring is a use; a subject that may not be measured is shown the control and not recorded.
/// </summary>
public interface IExperiments
{
    /// <summary>
    /// What the unit is shown in the area, the same each time and on each node; null where nothing is tried and nothing was decided. Computed in memory; running experiments
    /// are read anew every five seconds at most.
    /// </summary>
    ValueTask<AssignedVariant?> AssignAsync(string area, Guid subjectId, CancellationToken ct);

    /// <summary>Counts each unit once, and once a day as an exposure, however often it is said. Of variants that do not count, nothing is kept.</summary>
    Task RecordExposuresAsync(IReadOnlyCollection<Exposure> exposures, CancellationToken ct);

    /// <summary>
    /// Counts what units did after they were first shown a variant and before the experiment was stopped, each outcome once; the rest is passed over. In the caller's transaction, as
    /// a receiver of the log has one.
    /// </summary>
    Task RecordOutcomesAsync(Transaction tx, IReadOnlyCollection<Outcome> outcomes, CancellationToken ct);
}
