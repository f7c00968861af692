using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Log;

/// <summary>
/// Tells the other nodes that there is something new, and of which types. Messages are coalesced to one in 50 ms: a NOTIFY in every transaction would make
/// PostgreSQL serialise the commits.
/// </summary>
public sealed class LogNotifications(StorageOptions storage, EventTypes types, LogRun run) : BackgroundService
{
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<Type, bool> told = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (storage.Postgres is not { } connectionString)
        {
            return;
        }
        using var pending = new SemaphoreSlim(0, 1);
        run.Signal.RaisedHere += news =>
        {
            foreach (var type in news)
            {
                told[type] = true;
            }
            try { pending.Release(); } catch (SemaphoreFullException) { /* One is waiting already. */ }
        };
        await using var channel = new NodeChannel(connectionString, "wellmet_log", run.Time, run.Logger);
        await Task.WhenAll(channel.ListenAsync(Hear, stoppingToken), TellAsync(channel, pending, stoppingToken));
    }

    /// <summary>A type that only a newer version knows, or too many to name: everybody looks.</summary>
    private void Hear(string message)
    {
        var named = message.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(types.TypeOf).ToList();
        run.Signal.Wake(named.Count == 0 || named.Contains(null) ? null : [.. named.OfType<Type>()]);
    }

    private async Task TellAsync(NodeChannel channel, SemaphoreSlim pending, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            await pending.WaitAsync(ct);
            var message = string.Join(' ', told.Keys.Where(t => told.TryRemove(t, out _)).Select(types.NameOf));
            await channel.TellAsync(message.Length < NodeChannel.LongestMessage ? message : "", ct);
            await Task.Delay(Window, run.Time, ct);
        }
    }
}
