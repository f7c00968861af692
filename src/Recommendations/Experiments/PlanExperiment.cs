using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Experiments;
using Wellmet.Recommendations.Placements;

namespace Wellmet.Recommendations.Experiments;

/// <summary>
/// Makes the draft of an experiment at a placement: equal parts of those who take part see it as it stands, or what another placement shows instead; or all of them see one list mixed from two. Of a mixed list nothing can be
/// guarded, as everybody sees the same: guards are left out.
/// </summary>
public sealed class PlanExperiment(CreateExperiment create, IExperiments experiments, PlacementStore placements, CurrentActor actor)
{
    /// <param name="Against">Placements for whom or what the one that is tried is, too.</param>
    /// <param name="MinEffect">Relative: 0.1 is ten percent.</param>
    /// <param name="Share">Percent of the customers.</param>
    public sealed record Request(string Name, string Placement, IReadOnlyList<string> Against, ExperimentMetric Metric, double MinEffect, int Share, IReadOnlyList<Guardrail> Guardrails)
    {
        /// <summary>Everybody who takes part sees one list mixed from both, instead of one of them.</summary>
        public bool Mixed { get; init; }
    }

    /// <exception cref="ProblemException"><c>placement_unknown</c>, <c>variant_missing</c>, <c>variant_same</c>, <c>variant_misfit</c>, <c>variants_many</c>; and those of <see cref="CreateExperiment"/>.</exception>
    public async Task<Experiment> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(ExperimentPermissions.Manage);
        var placement = await FindAsync(request.Placement, ct);
        // What an earlier experiment decided is what it is compared with.
        var standing = (await experiments.AssignAsync(PlacementVariants.AreaOf(placement.Name), [], ct))?.Settings.GetValueOrDefault(PlacementVariants.Setting) ?? placement.Name;
        if (request.Against.Count == 0)
        {
            throw new ProblemException("variant_missing", "Name at least one other placement to compare with.");
        }
        if (request.Mixed && request.Against.Count > 1)
        {
            throw new ProblemException("variants_many", "A mixed list compares two placements. Name one other alone.");
        }
        foreach (var name in request.Against)
        {
            Demand(placement, standing, await FindAsync(name, ct));
        }
        return await create.RunAsync(new ExperimentPlan(request.Name, PlacementVariants.AreaOf(placement.Name), request.Metric,
            [.. request.Against.Prepend(standing).Select(VariantOf)], request.Mixed ? [] : request.Guardrails, request.MinEffect, 0, request.Share) { Design = request.Mixed ? ExperimentDesign.Interleaved : ExperimentDesign.Divided }, ct);
    }

    private static Variant VariantOf(string placement) => new(placement, 1, new Dictionary<string, string> { [PlacementVariants.Setting] = placement });

    private static void Demand(Placement placement, string standing, Placement other)
    {
        if (other.Name == standing)
        {
            throw new ProblemException("variant_same", "{0} cannot be compared with itself. Make another placement with other rules, and name that.", 400, other.Name);
        }
        if (!other.Source.FitsPlaceOf(placement.Source))
        {
            throw new ProblemException("variant_misfit", "{0} cannot stand there: a placement of a customer, of a product and of a basket need different things to be known.", 400, other.Name);
        }
    }

    private async Task<Placement> FindAsync(string name, CancellationToken ct) =>
        await placements.FindAsync(name, ct) ?? throw new ProblemException("placement_unknown", "There is no placement {0}.", 400, name);
}
