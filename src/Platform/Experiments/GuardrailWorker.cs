using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wellmet.Platform.Access;

namespace Wellmet.Platform.Experiments;

/// <summary>Looks at the guardrails of running experiments every minute.</summary>
internal sealed class GuardrailWorker(IServiceScopeFactory scopes, TimeProvider time, ILogger<GuardrailWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = Actor.System;
                if (await scope.ServiceProvider.GetRequiredService<StopBroken>().RunAsync(stoppingToken) is > 0 and var stopped)
                {
                    logger.LogWarning("{Experiments} experiments were stopped: a guardrail was broken", stopped);
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.LogWarning(e, "The guardrails of experiments could not be looked at now; tried again in {Interval}", Interval);
            }
        }
    }
}
