using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wellmet.Platform.Access;
using Wellmet.Recommendations.Models;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Signals;

namespace Wellmet.Recommendations.Quality;

/// <summary>Has the model measured once a day, by one node, or when somebody asks; and trained anew on every node where other settings were found better.</summary>
public sealed class QualityWorker(
    ModelStore models, HeldModel held, DemoModel demo, QualityStore store, QualityRequest request, QualityOptions options, TrainingStatus status, IServiceScopeFactory scopes, TimeProvider time, ILogger<QualityWorker> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = time.GetUtcNow();
        while (!stoppingToken.IsCancellationRequested)
        {
            var asked = await request.WaitAsync(options.Poll, stoppingToken);
            try
            {
                if (models.Current is null || !await demo.MayLearnAsync(stoppingToken) || await held.DayAsync(stoppingToken) is not null)
                {
                    continue;
                }
                if (asked || time.GetUtcNow() - started >= options.Delay)
                {
                    await CheckAsync(asked, stoppingToken);
                }
                if (models.Current is { } model && await store.SettingsAsync(stoppingToken) is var found
                    && ((model.Card.Settings ?? ForYouSettings.Default) != found.ForYou || !(model.Card.Signals?.Kinds ?? SignalFit.None.Kinds).SequenceEqual(found.Signals?.Kinds ?? SignalFit.None.Kinds)))
                {
                    status.Request();
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.LogError(e, "Could not measure the model of recommendations; it is measured again tomorrow, or when somebody asks");
            }
        }
    }

    private async Task CheckAsync(bool asked, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = Actor.System;
        if (await scope.ServiceProvider.GetRequiredService<CheckModel>().RunAsync(asked, ct) is { } report)
        {
            logger.LogInformation("Recommendations foretold something new for {Hit:P1} of {Customers} customers, best sellers for {Bestsellers:P1}", report.Hit, report.Customers, report.BestsellersHit);
        }
    }
}
