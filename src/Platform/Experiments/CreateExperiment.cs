using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Experiments;

/// <summary>Makes a draft. It shows nothing to anybody until it is started, and it is not changed after that: another experiment is another draft.</summary>
public sealed class CreateExperiment(Database database, CurrentActor actor, AuditLog audit, TimeProvider time)
{
    public const int MaxLength = 100, MaxVariants = 10;

    /// <exception cref="ProblemException"><c>name_invalid</c>, <c>area_missing</c>, <c>variants_invalid</c>, <c>effect_invalid</c>, <c>part_invalid</c>, <c>guardrail_invalid</c>, <c>interleaving_invalid</c>.</exception>
    public Task<Experiment> RunAsync(ExperimentPlan plan, CancellationToken ct)
    {
        actor.Demand(ExperimentPermissions.Manage);
        if (FaultOf(plan) is { } fault)
        {
            throw fault;
        }
        var id = Id.New();
        var experiment = new Experiment(id, plan, id.ToString("N"), ExperimentState.Draft, null, time.GetUtcNow(), null, null);
        return database.WriteAsync(async tx =>
        {
            await ExperimentStore.InsertAsync(tx, experiment, ct);
            await audit.RecordAsync(tx, "experiment.created", $"experiment:{id}", null, ct, plan.Area);
            return experiment;
        }, ct);
    }

    private static ProblemException? FaultOf(ExperimentPlan plan) =>
        !IsText(plan.Name) ? new ProblemException("name_invalid", "Enter a name of at most {0} characters.", 400, MaxLength)
        : !IsText(plan.Area) ? new ProblemException("area_missing", "Say what the experiment is on.")
        : !AreVariants(plan.Variants) ? new ProblemException("variants_invalid", "There are 2 to {0} variants, each with a name of its own and a weight above 0.", 400, MaxVariants)
        : plan.MinEffect is not (> 0 and <= 10) ? new ProblemException("effect_invalid", "The difference worth finding is above 0 and at most 1,000 percent.")
        : plan.FromPercent < 0 || plan.FromPercent >= plan.UntilPercent || plan.UntilPercent > 100 ? new ProblemException("part_invalid", "The part of the people lies between 0 and 100 percent.")
        : plan.Guardrails.Any(g => g.MaxDrop is not (>= 0 and < 1)) ? new ProblemException("guardrail_invalid", "A guardrail allows a drop of 0 to 99 percent.")
        : plan.Design == ExperimentDesign.Interleaved && !CanBeMixed(plan) ? new ProblemException("interleaving_invalid", "A mixed list compares two variants of the same weight by what is chosen or ordered, and has no guardrails.")
        : null;

    /// <summary>Everybody sees the same, so nothing can be guarded, and what somebody spends in all prefers neither.</summary>
    private static bool CanBeMixed(ExperimentPlan plan) =>
        plan.Variants.Count == 2 && plan.Variants[0].Weight == plan.Variants[1].Weight && plan.Guardrails.Count == 0 && plan.Metric != ExperimentMetric.Revenue;

    private static bool IsText(string text) => text.Trim().Length is > 0 and <= MaxLength;

    private static bool AreVariants(IReadOnlyList<Variant> variants) => variants.Count is >= 2 and <= MaxVariants
        && variants.All(v => IsText(v.Name) && v.Weight is > 0 and <= 1_000_000) && variants.Select(v => v.Name).Distinct().Count() == variants.Count;
}
