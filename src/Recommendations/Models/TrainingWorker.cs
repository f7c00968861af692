using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wellmet.Platform.Access;

namespace Wellmet.Recommendations.Models;

/// <summary>
/// Keeps the model up with the log, off the path of requests. Each node trains for itself: that takes seconds, needs no agreement and
/// gives every node the same model. A start serves from the file of the last run at once.
/// </summary>
public sealed class TrainingWorker(TrainingSchedule schedule, ModelStore models, TrainingStatus status, IServiceScopeFactory scopes, ILogger<TrainingWorker> logger)
    : BackgroundService
{
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        models.Load();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await schedule.WaitAsync(stoppingToken);
            try
            {
                if (status.Requested || await schedule.IsDueAsync(models.Current?.Card, stoppingToken))
                {
                    await TrainAsync(stoppingToken);
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.LogError(e, "Could not train the model of recommendations; trying again");
            }
        }
    }

    private async Task TrainAsync(CancellationToken ct)
    {
        schedule.Begin();
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = Actor.System;
            var card = await scope.ServiceProvider.GetRequiredService<TrainModel>().RunAsync(ct);
            schedule.Complete(card);
            GiveBackMemory();
            logger.LogInformation("Recommendations learnt from {Orders} orders of {Customers} customers in {Milliseconds} ms",
                card.Orders, card.Customers, (long)card.Took.TotalMilliseconds);
        }
        catch
        {
            schedule.Fail();
            throw;
        }
    }

    /// <summary>Training leaves a hundred megabytes and more behind, which the collector would keep for a next time that may be far away.</summary>
    private static void GiveBackMemory() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}
