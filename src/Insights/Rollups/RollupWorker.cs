using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Ui.Live;

namespace Wellmet.Insights.Rollups;

/// <summary>Counts what waits, and tells open pages when figures changed, here or on another node.</summary>
public sealed class RollupWorker(IServiceScopeFactory scopes, Database database, LiveTopics live, TimeProvider time, ILogger<RollupWorker> logger) : BackgroundService
{
    /// <summary>What pages with figures of this module listen to.</summary>
    public const string Topic = "insights";

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    /// <summary>Pages that follow along are not asked to load again more often than this.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    /// <summary>While there is much to count, three quarters of the time belong to others: an import, people at work.</summary>
    private const int Rest = 3;

    private long version;
    private long published;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var started = time.GetTimestamp();
            var moved = 0;
            try
            {
                moved = await CountAsync(stoppingToken);
                await PublishAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.LogError(e, "Could not count the sales; trying again");
            }
            await Task.Delay(moved > 0 ? time.GetElapsedTime(started) * Rest : Poll, time, stoppingToken);
        }
    }

    private async Task<int> CountAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = Actor.System;
        return await scope.ServiceProvider.GetRequiredService<CountSales>().RunAsync(ct);
    }

    private async Task PublishAsync(CancellationToken ct)
    {
        // Whether there are figures at all, too: the removal of a demo shop takes them away without counting.
        var current = await database.ReadAsync(s => s.CountAsync(
            "select version * 2 + case when exists (select 1 from insights_daily) then 1 else 0 end from insights_rollup_state where id = 1", null, ct), ct);
        if (current != version && time.GetElapsedTime(published) >= Quiet)
        {
            version = current;
            published = time.GetTimestamp();
            live.Publish(Topic);
        }
    }
}
