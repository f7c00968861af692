using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Segments.Histories;

namespace Wellmet.Segments.Members;

/// <summary>Notes how many belong to each segment today; the day's last count stays.</summary>
public sealed class CountSizes(Database database, TimeProvider time)
{
    public Task RunAsync(CancellationToken ct) => database.WriteUnflushedAsync(tx => tx.ExecuteAsync("""
        insert into segments_sizes (segment_id, day, size)
        select s.segment_id, @day, (select count(*) from segments_members m where m.segment_id = s.segment_id) from segments_segments s where s.state = 'live'
        on conflict (segment_id, day) do update set size = excluded.size
        """, new { day = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime) }, ct), ct);
}

/// <summary>What need not be done at once: counts sizes, takes undone imports out of the histories, and makes traits of what is foretold.</summary>
public sealed class TidyWorker(IServiceScopeFactory scopes, TimeProvider time, ILogger<TidyWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5), Counting = TimeSpan.FromMinutes(10), Foretelling = TimeSpan.FromHours(6);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (DateTimeOffset next = time.GetUtcNow(), foretold = next + Counting; !stoppingToken.IsCancellationRequested;)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = Actor.System;
                await scope.ServiceProvider.GetRequiredService<ForgetImports>().RunAsync(stoppingToken);
                if (time.GetUtcNow() >= next)
                {
                    await scope.ServiceProvider.GetRequiredService<CountSizes>().RunAsync(stoppingToken);
                    next = time.GetUtcNow() + Counting;
                }
                if (time.GetUtcNow() >= foretold)
                {
                    await scope.ServiceProvider.GetRequiredService<TakePredictions>().RunAsync(stoppingToken);
                    foretold = time.GetUtcNow() + Foretelling;
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.LogError(e, "Could not tidy the segments; trying again");
            }
            await Task.Delay(Poll, time, stoppingToken);
        }
    }
}
