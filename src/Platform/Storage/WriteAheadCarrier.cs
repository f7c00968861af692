using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Wellmet.Platform.Storage;

/// <summary>
/// SQLite writes ahead into a file of its own, and whoever commits when that has grown to 64 MB carries all of it over into the database: a few hundred milliseconds for
/// one request. Here it is carried over beside readers and writers (a passive checkpoint waits for nobody and nobody waits for it), so that little is left by then.
/// PostgreSQL has a process for this.
/// </summary>
public sealed class WriteAheadCarrier(IReadOnlyList<Database> databases, TimeProvider time, ILogger<WriteAheadCarrier> logger) : BackgroundService
{
    private static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(250), Quiet = TimeSpan.FromSeconds(2);

    private readonly Dictionary<Database, long> carried = [];

    /// <summary>Carries over what was written; answers whether there was something new.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        var moved = false;
        foreach (var database in databases.Where(d => d.Engine == Engine.Sqlite))
        {
            var pages = await database.ReadAsync(s => s.FirstAsync("pragma wal_checkpoint(passive)", null, r => r.Long(2), ct), ct);
            moved |= carried.GetValueOrDefault(database) != pages;
            carried[database] = pages;
        }
        return moved;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (databases.Any(d => d.Engine == Engine.Sqlite))
        {
            var moved = false;
            try
            {
                moved = await RunOnceAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.LogWarning(e, "What SQLite wrote ahead could not be carried over; it does so by itself later");
            }
            await Task.Delay(moved ? Busy : Quiet, time, stoppingToken);
        }
    }
}
