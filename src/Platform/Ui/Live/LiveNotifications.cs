using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Ui.Live;

/// <summary>
/// Carries topics to the other nodes, each at most four times a second, because a browser may hang on another node than the job it watches. A lost
/// notification is not sent again: the next change of the topic, or the next page, shows the same.
/// </summary>
internal sealed class LiveNotifications(StorageOptions storage, LiveTopics live, TimeProvider time, ILogger<LiveNotifications> log) : BackgroundService
{
    private const int MostPerNotification = 15;
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<string, byte> pending = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (storage.Postgres is not { } connectionString)
        {
            return;
        }
        live.PublishedHere += topic => pending.TryAdd(topic, 0);
        await using var channel = new NodeChannel(connectionString, "wellmet_live", time, log);
        // A message is topics, a line each.
        await Task.WhenAll(channel.ListenAsync(topics => Array.ForEach(topics.Split('\n'), live.Tell), stoppingToken), TellAsync(channel, stoppingToken));
    }

    private async Task TellAsync(NodeChannel channel, CancellationToken cancel)
    {
        while (true)
        {
            foreach (var topics in pending.Keys.Chunk(MostPerNotification))
            {
                Array.ForEach(topics, topic => pending.TryRemove(topic, out _));
                if (!await channel.TellAsync(string.Join('\n', topics), cancel))
                {
                    pending.Clear();
                }
            }
            await Task.Delay(Window, time, cancel);
        }
    }
}
