using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform;

/// <summary>Deletes, once an hour, what has expired and is not read any more: sessions, links, challenges, counted tries, remembered requests,
/// and what modules say.</summary>
public sealed class Housekeeping(Database database, IEnumerable<IExpiry> others, TimeProvider time, ILogger<Housekeeping> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1), KeepAttempts = TimeSpan.FromDays(1), KeepLinks = TimeSpan.FromDays(30), KeepRequests = TimeSpan.FromHours(48);

    /// <summary>Answers how many rows and files went.</summary>
    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var expired = new (string Sql, DateTimeOffset Before)[]
        {
            ("delete from access_sessions where created_at < @before", now - SessionLimits.Longest),
            ("delete from access_links where expires_at < @before", now - KeepLinks),
            ("delete from access_challenges where expires_at < @before", now),
            ("delete from access_passkey_ceremonies where expires_at < @before", now),
            ("delete from access_attempts where at < @before", now - KeepAttempts),
            ("delete from idempotency_keys where created_at < @before", now - KeepRequests),
        };
        var deleted = 0;
        foreach (var (sql, before) in expired)
        {
            deleted += await database.WriteAsync(tx => tx.ExecuteAsync(sql, new { before }, ct), ct);
        }
        foreach (var expiry in others)
        {
            deleted += await expiry.DeleteExpiredAsync(ct);
        }
        return deleted;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.LogWarning(e, "What has expired could not be deleted now; tried again in {Interval}", Interval);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
