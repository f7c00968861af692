using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Experiments;

/// <summary>An experiment and what came of it up to now.</summary>
public sealed class ReadExperiment(Database database, CurrentActor actor)
{
    /// <exception cref="ProblemException"><c>experiment_unknown</c> (404).</exception>
    public Task<ExperimentResults> RunAsync(Guid id, CancellationToken ct)
    {
        actor.Demand(ExperimentPermissions.Read);
        return database.ReadAsync(async s => ExperimentAnalysis.Of(await ExperimentStore.GetAsync(s, id, ct), await DayCounts.ReadAsync(s, id, ct)), ct);
    }
}
