using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wellmet.Platform.Access;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Models;

namespace Wellmet.Recommendations.Predictions;

/// <summary>Has predictions made once a day, by one node, or when somebody asks.</summary>
public sealed class PredictionWorker(
    ModelStore models, DemoModel demo, PredictionRequest request, PredictionOptions options, IServiceScopeFactory scopes, TimeProvider time, ILogger<PredictionWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = time.GetUtcNow();
        while (!stoppingToken.IsCancellationRequested)
        {
            var asked = await request.WaitAsync(options.Poll, stoppingToken);
            try
            {
                if (models.Current is not null && await demo.MayLearnAsync(stoppingToken) && (asked || time.GetUtcNow() - started >= options.Delay))
                {
                    await MakeAsync(asked, stoppingToken);
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.LogError(e, "Could not foretell what customers will do next; it is tried again tomorrow, or when somebody asks");
            }
        }
    }

    private async Task MakeAsync(bool asked, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = Actor.System;
        if (await scope.ServiceProvider.GetRequiredService<MakePredictions>().RunAsync(asked, ct) is { } card)
        {
            logger.LogInformation("Predictions of {Customers} customers made in {Milliseconds} ms; chances: {State}", card.Predicted, (long)card.Took.TotalMilliseconds, card.State);
        }
    }
}

/// <summary>Asks for new predictions; they are made in the background.</summary>
public sealed class RequestPredictions(PredictionRequest request, PredictionStatus status, CurrentActor actor)
{
    public void Run()
    {
        actor.Demand(RecommendationsPermissions.Train);
        request.Ask();
        status.Tell();
    }
}
