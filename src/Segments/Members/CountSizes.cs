using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wellmet.Platform.Modules;
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
public sealed class TidyWorker(IServiceScopeFactory scopes, TimeProvider time, ILogger<TidyWorker> logger) : RepeatedWork("tidying segments", scopes, time, logger)
{
    private static readonly TimeSpan Counting = TimeSpan.FromMinutes(10), Foretelling = TimeSpan.FromHours(6);

    private DateTimeOffset counted = DateTimeOffset.MinValue;
    private DateTimeOffset foretold = time.GetUtcNow() - Foretelling + Counting;

    protected override TimeSpan Pause => TimeSpan.FromSeconds(5);

    protected override async Task<TimeSpan> RunOnceAsync(IServiceProvider services, CancellationToken ct)
    {
        await services.GetRequiredService<ForgetImports>().RunAsync(ct);
        var now = Time.GetUtcNow();
        if (now - counted >= Counting)
        {
            await services.GetRequiredService<CountSizes>().RunAsync(ct);
            counted = now;
        }
        if (now - foretold >= Foretelling)
        {
            await services.GetRequiredService<TakePredictions>().RunAsync(ct);
            foretold = now;
        }
        return Pause;
    }
}
