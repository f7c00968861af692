using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Ui.Live;

/// <summary>
/// Carries topics to the other nodes by LISTEN/NOTIFY, each at most four times a second, because a browser may hang on another node
/// than the job it watches. A lost notification is not sent again: the next change of the topic, or the next page, shows the same.
/// </summary>
internal sealed class LiveNotifications(StorageOptions storage, LiveTopics live, TimeProvider time, ILogger<LiveNotifications> log) : BackgroundService
{
    private const string Channel = "wellmet_live";
    private const int MostPerNotification = 15;
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);

    private readonly string node = Id.New().ToString("N");
    private readonly ConcurrentDictionary<string, byte> pending = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (storage.Postgres is not { } connectionString)
        {
            return;
        }
        live.PublishedHere += topic => pending.TryAdd(topic, 0);
        await using var source = NpgsqlDataSource.Create(connectionString);
        await Task.WhenAll(
            KeepAsync(() => ListenAsync(source, stoppingToken), stoppingToken),
            KeepAsync(() => TellAsync(source, stoppingToken), stoppingToken));
    }

    private async Task ListenAsync(NpgsqlDataSource source, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        connection.Notification += (_, notification) => Hear(notification.Payload);
        await using (var listen = new NpgsqlCommand($"listen {Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancel);
        }
        while (true)
        {
            await connection.WaitAsync(cancel);
        }
    }

    /// <summary>Payload: the node that tells, then its topics, a line each; at most 8,000 bytes.</summary>
    private void Hear(string payload)
    {
        var lines = payload.Split('\n');
        foreach (var topic in lines[0] == node ? [] : lines.Skip(1))
        {
            live.Tell(topic);
        }
    }

    private async Task TellAsync(NpgsqlDataSource source, CancellationToken cancel)
    {
        while (true)
        {
            foreach (var topics in pending.Keys.Chunk(MostPerNotification))
            {
                Array.ForEach(topics, topic => pending.TryRemove(topic, out _));
                await using var notify = source.CreateCommand("select pg_notify($1, $2)");
                notify.Parameters.Add(new NpgsqlParameter { Value = Channel });
                notify.Parameters.Add(new NpgsqlParameter { Value = string.Join('\n', topics.Prepend(node)) });
                await notify.ExecuteNonQueryAsync(cancel);
            }
            await Task.Delay(Window, time, cancel);
        }
    }

    private async Task KeepAsync(Func<Task> work, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await work();
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogWarning(e, "Live updates do not reach the other nodes; trying again.");
                pending.Clear();
                await Task.Delay(Retry, time, cancel);
            }
        }
    }
}
