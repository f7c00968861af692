using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Wellmet.Platform.Storage;

/// <summary>
/// Tells PostgreSQL's planner about tables that have grown to twice their size since it last looked: it does so by itself, but up to a minute later or
/// not at all, and a table that an import has just filled is taken for almost empty until then. SQLite goes by the indexes alone and needs none of it.
/// </summary>
public sealed class TableStatistics(Database database, TimeProvider time, ILogger<TableStatistics> logger) : BackgroundService
{
    /// <summary>Changed rows below which every plan is good enough.</summary>
    private const int Few = 1000;

    /// <summary>A rough look, a fiftieth of the usual one, tells an empty table from a full one; PostgreSQL's own look follows when the rush is over.</summary>
    private const int Sample = 2;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Looks at the tables once; answers the names of those that were analysed.</summary>
    public async Task<IReadOnlyList<string>> RunOnceAsync(CancellationToken ct)
    {
        if (database.Engine == Engine.Sqlite)
        {
            return [];
        }
        var grown = await database.ReadAsync(s => s.QueryAsync($"""
            select format('%I.%I', schemaname, relname) from pg_stat_user_tables
            where schemaname in (current_schema(), '{StorageOptions.KeysSchema}') and n_mod_since_analyze >= {Few} and n_mod_since_analyze >= n_live_tup / 2
            order by 1
            """, null, r => r.Text(0), ct), ct);
        foreach (var table in grown)
        {
            await database.WriteUnflushedAsync(async tx =>
            {
                await tx.ExecuteAsync($"set local default_statistics_target = {Sample}", null, ct);
                // Another node, or PostgreSQL itself, may be at it.
                await tx.ExecuteAsync($"analyze (skip_locked) {table}", null, ct);
            }, ct);
        }
        return grown;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        while (database.Engine == Engine.Postgres && await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.LogWarning(e, "Statistics of tables could not be brought up to date; tried again in {Pause}", Pause);
            }
        }
    }
}
