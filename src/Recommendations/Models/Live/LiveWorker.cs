using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wellmet.Platform.Access;

namespace Wellmet.Recommendations.Models.Live;

/// <summary>Follows the orders all the time, on a small part of one processor.</summary>
public sealed class LiveWorker(TrainingOptions options, IServiceScopeFactory scopes, TimeProvider time, ILogger<LiveWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(options.Poll, time, stoppingToken);
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = Actor.System;
                await scope.ServiceProvider.GetRequiredService<FollowOrders>().RunAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogError(e, "The model of recommendations could not follow the latest orders; trying again");
            }
        }
    }
}
