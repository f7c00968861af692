using System.Collections.Frozen;
using Wellmet.Platform.Storage;
using Wellmet.Science.Experiments;

namespace Wellmet.Platform.Experiments;

/// <summary>
/// What is in force, held in memory and read anew every five seconds at most: what is started or stopped takes effect at once on the node that did it, and within
/// five seconds on the others.
/// </summary>
public sealed class ExperimentDirectory(Database database, TimeProvider time)
{
    internal static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private sealed record Entry(Experiment Experiment, Assignment Assignment);

    private sealed record Snapshot(FrozenDictionary<string, Entry[]> ByArea, bool Counts, DateTimeOffset ReadAt);

    /// <summary>What happened before the end may be told so much later.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromDays(30);

    private Snapshot? snapshot;

    /// <param name="unit">Null for nobody.</param>
    internal async ValueTask<AssignedVariant?> AssignAsync(string area, Guid? unit, CancellationToken ct) =>
        (await FreshAsync(ct)).ByArea.TryGetValue(area, out var entries) ? Assign(entries, unit) : null;

    /// <summary>What a unit that was assigned before sees; null where the experiment does not run any more.</summary>
    internal async ValueTask<AssignedVariant?> AgainAsync(string area, Guid experimentId, Guid unit, int variant, CancellationToken ct) =>
        (await FreshAsync(ct)).ByArea.GetValueOrDefault(area)?.FirstOrDefault(e => e.Experiment.Id == experimentId && e.Experiment.State == ExperimentState.Running)?.Experiment is { } experiment
            ? Of(experiment, unit, variant, counts: true) : null;

    internal async ValueTask<bool> RunsAsync(string area, CancellationToken ct) =>
        (await FreshAsync(ct)).ByArea.TryGetValue(area, out var entries) && entries.Any(e => e.Experiment.State == ExperimentState.Running);

    internal async ValueTask<bool> CountsAsync(CancellationToken ct) => (await FreshAsync(ct)).Counts;

    /// <summary>Something was started, stopped or decided.</summary>
    internal void Forget() => snapshot = null;

    private static AssignedVariant? Assign(Entry[] entries, Guid? asking)
    {
        AssignedVariant? decided = null;
        foreach (var (experiment, assignment) in entries)
        {
            if (experiment.State == ExperimentState.Running)
            {
                if (asking is { } unit && assignment.Of(unit) is not Assignment.None and var variant)
                {
                    return Of(experiment, unit, variant, counts: true);
                }
            }
            else
            {
                decided = Of(experiment, Guid.Empty, experiment.Plan.Variants.ToList().FindIndex(v => v.Name == experiment.Winner), counts: false);
            }
        }
        return decided;
    }

    private static AssignedVariant Of(Experiment experiment, Guid unit, int variant, bool counts) =>
        new(experiment.Id, unit, variant, experiment.Plan.Variants[variant].Name, experiment.Plan.Variants[variant].Settings, counts)
        {
            Mixed = counts && experiment.Plan.Design == ExperimentDesign.Interleaved ? experiment.Plan.Variants : null,
        };

    private async ValueTask<Snapshot> FreshAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (snapshot is not { } held || now - held.ReadAt >= Fresh)
        {
            held = await ReadAsync(now, ct);
            snapshot = held;
        }
        return held;
    }

    private async Task<Snapshot> ReadAsync(DateTimeOffset now, CancellationToken ct)
    {
        var (experiments, counts) = await database.ReadAsync(async s => (await ExperimentStore.InForceAsync(s, ct), await ExperimentStore.AnySinceAsync(s, now - Late, ct)), ct);
        return new Snapshot(experiments.GroupBy(e => e.Plan.Area).ToFrozenDictionary(g => g.Key, g => g.Select(e => new Entry(e, AssignmentOf(e))).ToArray()), counts, now);
    }

    private static Assignment AssignmentOf(Experiment experiment) => new(
        experiment.Salt, [.. experiment.Plan.Variants.Select(v => (double)v.Weight)],
        new LayerPart(experiment.Plan.Area, experiment.Plan.FromPercent / 100.0, experiment.Plan.UntilPercent / 100.0));
}
