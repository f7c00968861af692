using Wellmet.Platform.Access;
using Wellmet.Recommendations.Contract;

namespace Wellmet.Recommendations.Models;

/// <summary>Asks for a new model; it is trained in the background.</summary>
public sealed class RequestTraining(TrainingStatus status, CurrentActor actor)
{
    public Task RunAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        actor.Demand(RecommendationsPermissions.Train);
        status.Request();
        return Task.CompletedTask;
    }
}
