using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Experiments;

/// <summary>What a unit is to be shown.</summary>
/// <param name="UnitId">The subject that takes part; empty where nobody does.</param>
/// <param name="Variant">Index in the plan; 0 is the control.</param>
/// <param name="Counts">Whether the experiment runs; else it was decided, and this is its winner.</param>
public sealed record AssignedVariant(Guid ExperimentId, Guid UnitId, int Variant, string Name, IReadOnlyDictionary<string, string> Settings, bool Counts)
{
    /// <summary>The two variants from which the unit's list is to be mixed, in the order of the plan; then the variant above says nothing. Null where the unit is shown one variant.</summary>
    public IReadOnlyList<Variant>? Mixed { get; init; }
}

/// <summary>The unit of the assignment was shown its variant.</summary>
/// <param name="Assigned">Of a mixed list, with the variant that gave the first product which was seen.</param>
/// <param name="Covariate">What the metric was for the unit in a fixed time before the experiment, for CUPED; 0 where nothing is known. Read at the first exposure only.</param>
public sealed record Exposure(AssignedVariant Assigned, DateTimeOffset At, double Covariate = 0)
{
    public Guid SubjectId => Assigned.UnitId;
}

/// <summary>Something came of it.</summary>
/// <param name="OutcomeId">Of the click, the order …: the same again changes nothing.</param>
/// <param name="RevenueMinor">Of a conversion, or of a change of revenue alone (a refund is below 0); in minor units of one currency.</param>
/// <param name="Area">Where it happened; null where it counts for all experiments of the unit.</param>
public sealed record Outcome(Guid SubjectId, ExperimentMetric Metric, Guid OutcomeId, DateTimeOffset At, long RevenueMinor = 0, string? Area = null)
{
    /// <summary>The conversion that this changes, as a refund does: where that was not counted, neither is this.</summary>
    public Guid? ConversionId { get; init; }

    /// <summary>For this experiment alone; null where it counts for all of the unit.</summary>
    public Guid? ExperimentId { get; init; }

    /// <summary>Of a click in a mixed list: the variant that gave what was chosen; null where neither or nobody knows which. Counts for interleaved experiments alone.</summary>
    public int? Variant { get; init; }
}

/// <summary>What a unit chose in a mixed list: each thing once a day.</summary>
/// <param name="OutcomeId">Of what was chosen.</param>
/// <param name="Variant">The one that gave it.</param>
public sealed record CreditedChoice(Guid SubjectId, Guid OutcomeId, int Variant, DateTimeOffset At);

/// <summary>Somebody who was shown a variant.</summary>
public sealed record ExperimentUnit(Guid SubjectId, int Variant, DateTimeOffset FirstSeenAt)
{
    public Guid ExperimentId { get; init; }
}

/// <summary>
/// Experiments as places use them: ask what to show, say that it was shown, say what came of it. A unit is a subject. Whoever records asks the
/// purpose gate first, as measuring is a use; a subject that may not be measured is shown the control and not recorded.
/// </summary>
public interface IExperiments
{
    /// <summary>
    /// What somebody is shown in the area, the same each time and on each node; null where nothing is tried and nothing was decided. Computed in memory; running experiments
    /// are read anew every five seconds at most. Who took part as another of their subjects, as before they signed in, goes on as that one, which is looked up for who has several.
    /// </summary>
    /// <param name="subjects">All of one person, the person's own id first; none for somebody who takes part in nothing: who gets what was decided.</param>
    ValueTask<AssignedVariant?> AssignAsync(string area, IReadOnlyList<Guid> subjects, CancellationToken ct);

    /// <summary>Whether anything runs in the area, so that it matters who asks. In memory, as assignment is.</summary>
    ValueTask<bool> RunsAsync(string area, CancellationToken ct);

    /// <summary>Whether outcomes may count for anything: an experiment runs, or was stopped in the last thirty days. In memory, as assignment is.</summary>
    ValueTask<bool> CountsAsync(CancellationToken ct);

    /// <summary>Whether this node counted the unit on this day (UTC) already; then it need not be said again. False may be wrong, true is not.</summary>
    bool WasExposed(Exposure exposure);

    /// <summary>Counts each unit once, and once a day as an exposure, however often it is said. Of variants that do not count, nothing is kept.</summary>
    Task RecordExposuresAsync(IReadOnlyCollection<Exposure> exposures, CancellationToken ct);

    /// <summary>
    /// Counts what units did after they were first shown a variant and before the experiment was stopped, each outcome once; the rest is passed over, but a click of which is told later who gave it counts for that one then. In the caller's transaction, as
    /// a receiver of the log has one.
    /// </summary>
    Task RecordOutcomesAsync(Transaction tx, IReadOnlyCollection<Outcome> outcomes, CancellationToken ct);

    /// <summary>As whom these subjects were shown variants, the first ones first. A person who is several of them goes on as the first one of an experiment.</summary>
    Task<IReadOnlyList<ExperimentUnit>> UnitsAmongAsync(Session session, IReadOnlyCollection<Guid> subjects, CancellationToken ct);

    /// <summary>What these units chose in the mixed lists of an interleaved experiment.</summary>
    Task<IReadOnlyList<CreditedChoice>> ChoicesAsync(Guid experimentId, IReadOnlyCollection<Guid> subjects, CancellationToken ct);

    /// <summary>Who took part, the first ones first.</summary>
    Task<IReadOnlyList<ExperimentUnit>> UnitsAsync(Guid experimentId, int most, CancellationToken ct);
}
