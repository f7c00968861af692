using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Events;

/// <summary>
/// Shows the calls that this node took to the other nodes, and theirs here: whoever watches hangs on any of them. Four times a second and a few messages
/// each time, the newest calls first: under load nobody reads them all.
/// </summary>
public sealed class EventWatchNotifications(StorageOptions storage, EventWatch watch, TimeProvider time, ILogger<EventWatchNotifications> logger) : BackgroundService
{
    private const int MostMessages = 4;
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (storage.Postgres is not { } connectionString)
        {
            return;
        }
        watch.TellOthers();
        await using var channel = new NodeChannel(connectionString, "wellmet_calls", time, logger);
        await Task.WhenAll(channel.ListenAsync(Hear, stoppingToken), TellAsync(channel, stoppingToken));
    }

    private void Hear(string message) => watch.Hear(JsonSerializer.Deserialize<List<WatchedCall>>(message) ?? []);

    private async Task TellAsync(NodeChannel channel, CancellationToken ct)
    {
        while (true)
        {
            foreach (var message in Messages(watch.TakeUntold()).Take(MostMessages))
            {
                await channel.TellAsync(message, ct);
            }
            await Task.Delay(Window, time, ct);
        }
    }

    /// <summary>Calls as JSON arrays that fit into a message; a long one goes without its properties, or not at all.</summary>
    private static IEnumerable<string> Messages(IReadOnlyList<WatchedCall> calls)
    {
        var message = new StringBuilder();
        var bytes = 0;
        foreach (var call in calls.Select(Fitting).OfType<string>())
        {
            var size = Encoding.UTF8.GetByteCount(call) + 2;
            if (bytes + size > NodeChannel.LongestMessage)
            {
                yield return $"[{message}]";
                message.Clear();
                bytes = 0;
            }
            message.Append(message.Length > 0 ? "," : "").Append(call);
            bytes += size;
        }
        if (message.Length > 0)
        {
            yield return $"[{message}]";
        }
    }

    private static string? Fitting(WatchedCall call) =>
        new[] { call, call with { Properties = null } }.Select(c => JsonSerializer.Serialize(c)).FirstOrDefault(json => Encoding.UTF8.GetByteCount(json) < NodeChannel.LongestMessage - 2);
}
