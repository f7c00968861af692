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

    private sealed record Snapshot(FrozenDictionary<string, Entry[]> ByArea, DateTimeOffset ReadAt);

    private Snapshot? snapshot;

    internal async ValueTask<AssignedVariant?> AssignAsync(string area, Guid subjectId, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (snapshot is not { } held || now - held.ReadAt >= Fresh)
        {
            held = await ReadAsync(now, ct);
            snapshot = held;
        }
        return held.ByArea.TryGetValue(area, out var entries) ? Assign(entries, subjectId) : null;
    }

    /// <summary>Something was started, stopped or decided.</summary>
    internal void Forget() => snapshot = null;

    private static AssignedVariant? Assign(Entry[] entries, Guid subjectId)
    {
        AssignedVariant? decided = null;
        foreach (var (experiment, assignment) in entries)
        {
            if (experiment.State == ExperimentState.Running)
            {
                if (assignment.Of(subjectId) is not Assignment.None and var variant)
                {
                    return Of(experiment, variant, counts: true);
                }
            }
            else
            {
                decided = Of(experiment, experiment.Plan.Variants.ToList().FindIndex(v => v.Name == experiment.Winner), counts: false);
            }
        }
        return decided;
    }

    private static AssignedVariant Of(Experiment experiment, int variant, bool counts) =>
        new(experiment.Id, variant, experiment.Plan.Variants[variant].Name, experiment.Plan.Variants[variant].Settings, counts);

    private async Task<Snapshot> ReadAsync(DateTimeOffset now, CancellationToken ct)
    {
        var experiments = await database.ReadAsync(s => ExperimentStore.InForceAsync(s, ct), ct);
        return new Snapshot(experiments.GroupBy(e => e.Plan.Area).ToFrozenDictionary(g => g.Key, g => g.Select(e => new Entry(e, AssignmentOf(e))).ToArray()), now);
    }

    private static Assignment AssignmentOf(Experiment experiment) => new(
        experiment.Salt, [.. experiment.Plan.Variants.Select(v => (double)v.Weight)],
        new LayerPart(experiment.Plan.Area, experiment.Plan.FromPercent / 100.0, experiment.Plan.UntilPercent / 100.0));
}
