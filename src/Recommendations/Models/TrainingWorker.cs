using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Log;

namespace Wellmet.Recommendations.Models;

/// <summary>
/// Keeps the model up with the log, off the path of requests. Each node trains for itself: that takes seconds, needs no agreement and
/// gives every node the same model. A start serves from the file of the last run at once.
/// </summary>
public sealed class TrainingWorker(TrainingSchedule schedule, ModelStore models, ModelVersions versions, HeldModel held, DemoModel demo, LogReader log, TrainingStatus status, IServiceScopeFactory scopes, ILogger<TrainingWorker> logger)
    : BackgroundService
{
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        models.Load();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wasHeld = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            await schedule.WaitAsync(stoppingToken);
            try
            {
                var day = await held.DayAsync(stoppingToken);
                if (wasHeld && day is null)
                {
                    // Perhaps on another node.
                    status.Request();
                }
                wasHeld = day is not null;
                if (day is { } old && !await MustLearnAsync(stoppingToken))
                {
                    await FollowAsync(old, stoppingToken);
                }
                else if (status.Requested || await schedule.IsDueAsync(models.Current?.Card, stoppingToken))
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

    /// <summary>Whether the model of an earlier day cannot serve any longer: it learnt from somebody who was erased since, or from a demo shop that is gone; or there is none here.</summary>
    private async Task<bool> MustLearnAsync(CancellationToken ct)
    {
        if (await demo.DropOutlivedAsync(ct) || (models.Current is { } current && await log.AnyAfterAsync(current.Card.Position, [typeof(CustomerErased)], ct)))
        {
            await held.EndAsync(ct);
            status.Request();
        }
        return models.Current is null || status.Requested;
    }

    /// <summary>Somebody went back to an earlier model, perhaps on another node; a node that does not have it goes on with its own.</summary>
    private async Task FollowAsync(DateOnly day, CancellationToken ct)
    {
        if (models.Current?.Card.Day != day && versions.All().Any(v => v.Day == day) && versions.Load(day) is { } model)
        {
            await PinAsync(ct);
            models.Publish(model);
            status.Tell();
        }
    }

    private async Task PinAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<PinModels>().RunAsync(ct);
    }

    private async Task TrainAsync(CancellationToken ct)
    {
        schedule.Begin();
        try
        {
            await PinAsync(ct);
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
