using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wellmet.Platform.Access;

namespace Wellmet.Platform.Modules;

/// <summary>Work that is done again and again, as the program itself, in a scope of its own each time. What goes wrong is logged, and tried again.</summary>
/// <param name="name">What it does, for the log: <c>filling segments</c>.</param>
public abstract class RepeatedWork(string name, IServiceScopeFactory scopes, TimeProvider time, ILogger logger) : BackgroundService
{
    protected TimeProvider Time => time;

    /// <summary>How long to wait after a failure.</summary>
    protected abstract TimeSpan Pause { get; }

    /// <returns>How long to wait before the next time.</returns>
    protected abstract Task<TimeSpan> RunOnceAsync(IServiceProvider services, CancellationToken ct);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = Pause;
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = Actor.System;
                wait = await RunOnceAsync(scope.ServiceProvider, stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.LogError(e, "Went wrong: {Work}; trying again", name);
            }
            await Task.Delay(wait, time, stoppingToken);
        }
    }
}
