using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Experiments;

/// <summary>Stops running experiments one of whose guardrails is surely broken: what hurts the shop does not go on until somebody looks.</summary>
public sealed class StopBroken(Database database, ReadExperiment read, StopExperiment stop, CurrentActor actor)
{
    /// <summary>Answers how many it stopped.</summary>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        actor.Demand(ExperimentPermissions.Manage);
        var stopped = 0;
        foreach (var experiment in await database.ReadAsync(s => ExperimentStore.InForceAsync(s, ct), ct))
        {
            if (experiment is { State: ExperimentState.Running, Plan.Guardrails.Count: > 0 } && (await read.RunAsync(experiment.Id, ct)).Broken.Select(b => b.Guardrail).FirstOrDefault() is { } broken)
            {
                stopped += await StopAsync(experiment.Id, broken, ct) ? 1 : 0;
            }
        }
        return stopped;
    }

    /// <summary>False where somebody, or another node, was faster.</summary>
    private async Task<bool> StopAsync(Guid id, Guardrail broken, CancellationToken ct)
    {
        try
        {
            await stop.RunAsync(new(id, $"guardrail {broken.Metric}"), ct);
            return true;
        }
        catch (ProblemException problem) when (problem.Code == "experiment_state")
        {
            return false;
        }
    }
}
