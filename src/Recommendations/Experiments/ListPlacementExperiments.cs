using Wellmet.Platform.Access;
using Wellmet.Platform.Experiments;

namespace Wellmet.Recommendations.Experiments;

/// <summary>The experiments on placements, the newest first.</summary>
public sealed class ListPlacementExperiments(ListExperiments list, CurrentActor actor)
{
    public async Task<IReadOnlyList<Experiment>> RunAsync(CancellationToken ct) =>
        [.. (await list.RunAsync(ct)).Where(e => e.Plan.Area.StartsWith(PlacementVariants.AreaPrefix, StringComparison.Ordinal))];

    /// <summary>
    /// What somebody should know who arranges a placement: the experiment that runs there or shows it elsewhere, else the last one there, where its winner stands instead. Null where there is none,
    /// or who asks may not see experiments.
    /// </summary>
    public async Task<Experiment?> AboutAsync(string placement, CancellationToken ct)
    {
        if (!actor.May(ExperimentPermissions.Read))
        {
            return null;
        }
        var all = await RunAsync(ct);
        var here = PlacementVariants.AreaOf(placement);
        return all.FirstOrDefault(e => e.State == ExperimentState.Running && (e.Plan.Area == here || e.Plan.Variants.Any(v => Shows(v) == placement)))
            ?? (all.FirstOrDefault(e => e.Plan.Area == here && e.Winner is not null) is { } decided && Shows(decided.Plan.Variants.First(v => v.Name == decided.Winner)) is { } winner && winner != placement ? decided : null);
    }

    private static string? Shows(Variant variant) => variant.Settings.GetValueOrDefault(PlacementVariants.Setting);
}
