using Microsoft.Extensions.Hosting;
using Npgsql;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Log;

/// <summary>
/// Tells the other nodes that there is something new, by LISTEN/NOTIFY. Notifications are coalesced to one in 50 ms: a NOTIFY in
/// every transaction would make PostgreSQL serialise the commits.
/// </summary>
public sealed class LogNotifications(StorageOptions storage, LogRun run) : BackgroundService
{
    private const string Channel = "wellmet_log";
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(50);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (storage.Postgres is not { } connectionString)
        {
            return;
        }
        var pending = new SemaphoreSlim(0, 1);
        run.Signal.RaisedHere += () => { try { pending.Release(); } catch (SemaphoreFullException) { /* One is waiting already. */ } };
        await using var source = NpgsqlDataSource.Create(connectionString);
        await Task.WhenAll(ListenAsync(source, stoppingToken), TellAsync(source, pending, stoppingToken));
    }

    private async Task ListenAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            await run.TryAsync("listen for notifications", async () =>
            {
                await using var connection = await source.OpenConnectionAsync(ct);
                connection.Notification += (_, _) => run.Signal.Wake();
                await using (var listen = new NpgsqlCommand($"listen {Channel}", connection))
                {
                    await listen.ExecuteNonQueryAsync(ct);
                }
                while (true)
                {
                    await connection.WaitAsync(ct);
                }
            });
        }
    }

    private async Task TellAsync(NpgsqlDataSource source, SemaphoreSlim pending, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            await pending.WaitAsync(ct);
            await run.TryAsync("notify the other nodes", async () =>
            {
                await using var notify = source.CreateCommand($"notify {Channel}");
                await notify.ExecuteNonQueryAsync(ct);
            });
            await Task.Delay(Window, run.Time, ct);
        }
    }
}
