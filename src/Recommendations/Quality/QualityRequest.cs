using Wellmet.Platform.Access;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Models;

namespace Wellmet.Recommendations.Quality;

/// <summary>Somebody asks that the model is measured and tuned now; <see cref="QualityWorker"/> hears of it.</summary>
public sealed class QualityRequest : BackgroundRequest;

/// <summary>Asks for a measurement; it is done in the background.</summary>
public sealed class RequestCheck(QualityRequest request, TrainingStatus status, CurrentActor actor)
{
    public void Run()
    {
        actor.Demand(RecommendationsPermissions.Train);
        request.Ask();
        status.Tell();
    }
}
