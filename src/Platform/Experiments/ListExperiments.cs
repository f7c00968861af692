using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Experiments;

/// <summary>The experiments, the newest first.</summary>
public sealed class ListExperiments(Database database, CurrentActor actor)
{
    private const int Most = 500;

    public async Task<IReadOnlyList<Experiment>> RunAsync(CancellationToken ct)
    {
        actor.Demand(ExperimentPermissions.Read);
        return await database.ReadAsync(s => ExperimentStore.ListAsync(s, Most, ct), ct);
    }
}
