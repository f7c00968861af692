using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Ui.Live;

namespace Wellmet.Segments.Lifecycles;

/// <summary>Scores customers once a day, and when somebody asks for it. Several nodes agree by a claim in the database.</summary>
public sealed class ScoreWorker(IServiceScopeFactory scopes, Database database, LiveTopics live, TimeProvider time, ILogger<ScoreWorker> logger) : RepeatedWork("scoring customers", scopes, time, logger)
{
    /// <summary>What pages about scores listen to.</summary>
    public const string Topic = "segments.scores";

    /// <summary>Soon is for shops in which nobody ordered the last time.</summary>
    private static readonly TimeSpan Daily = TimeSpan.FromDays(1), Soon = TimeSpan.FromMinutes(10);

    /// <summary>A claim older than this was left behind.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>Not while the program starts.</summary>
    private readonly DateTimeOffset first = time.GetUtcNow() + TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    protected override TimeSpan Pause => TimeSpan.FromMinutes(1);

    protected override async Task<TimeSpan> RunOnceAsync(IServiceProvider services, CancellationToken ct)
    {
        if (await ClaimAsync(ct))
        {
            live.Publish(Topic);
            try
            {
                await services.GetRequiredService<ScoreCustomers>().RunAsync(ct);
            }
            catch
            {
                await database.WriteUnflushedAsync(tx => tx.ExecuteAsync("update segments_scorings set begun_at = null where id = 1", null, CancellationToken.None), CancellationToken.None);
                throw;
            }
            live.Publish(Topic);
        }
        return Look;
    }

    private async Task<bool> ClaimAsync(CancellationToken ct)
    {
        var now = Time.GetUtcNow();
        var due = await database.ReadAsync(s => s.FirstAsync("select asked_at, begun_at, finished_at, case when exists (select 1 from segments_scores where cell > 0) then 1 else 0 end from segments_scorings where id = 1", null,
            r => r.TimeOrNull(0) is not null || (now >= first && (r.TimeOrNull(2) is not { } finished || now - finished >= (r.Long(3) > 0 ? Daily : Soon))), ct), ct);
        return due && await database.WriteUnflushedAsync(tx => tx.ExecuteAsync("update segments_scorings set begun_at = @now where id = 1 and (begun_at is null or begun_at < @left)", new { now, left = now - Longest }, ct), ct) > 0;
    }
}
