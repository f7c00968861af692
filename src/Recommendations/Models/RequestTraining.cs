using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Contract;

namespace Wellmet.Recommendations.Models;

/// <summary>Asks for a new model; it is trained in the background. Where the model of an earlier day serves, this ends it on all nodes.</summary>
public sealed class RequestTraining(Database database, TrainingStatus status, AuditLog audit, CurrentActor actor)
{
    public async Task RunAsync(CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Train);
        await database.WriteAsync(async tx =>
        {
            if (await HeldModel.EndAsync(tx, ct))
            {
                await audit.RecordAsync(tx, "recommendations.model_released", "recommendations", null, ct);
            }
        }, ct);
        status.Request();
    }
}
