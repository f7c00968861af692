using Microsoft.Extensions.Logging;
using Npgsql;

namespace Wellmet.Platform.Storage;

/// <summary>
/// Short messages between the nodes over one database, by LISTEN/NOTIFY. Each node hears what the others tell, and not itself. A message that finds
/// the database away is lost.
/// </summary>
public sealed class NodeChannel(string connectionString, string name, TimeProvider time, ILogger log) : IAsyncDisposable
{
    /// <summary>Bytes of a message: PostgreSQL takes less than 8,000, with the name of the node.</summary>
    public const int LongestMessage = 7900;

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);

    private readonly NpgsqlDataSource source = NpgsqlDataSource.Create(connectionString);
    private readonly string node = Id.New().ToString("N");

    /// <summary>Hears until it is cancelled, whatever happens to the connection.</summary>
    public async Task ListenAsync(Action<string> hear, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            await TryAsync(async () =>
            {
                await using var connection = await source.OpenConnectionAsync(ct);
                connection.Notification += (_, told) => Hear(told.Payload, hear);
                await using (var listen = new NpgsqlCommand($"listen {name}", connection))
                {
                    await listen.ExecuteNonQueryAsync(ct);
                }
                while (true)
                {
                    await connection.WaitAsync(ct);
                }
            }, ct);
        }
    }

    /// <param name="message">At most <see cref="LongestMessage"/> bytes of UTF-8.</param>
    /// <returns>False where it was lost; waits a while then.</returns>
    public Task<bool> TellAsync(string message, CancellationToken ct) => TryAsync(async () =>
    {
        await using var notify = source.CreateCommand("select pg_notify($1, $2)");
        notify.Parameters.Add(new NpgsqlParameter { Value = name });
        notify.Parameters.Add(new NpgsqlParameter { Value = node + message });
        await notify.ExecuteNonQueryAsync(ct);
    }, ct);

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private void Hear(string payload, Action<string> hear)
    {
        if (!payload.StartsWith(node, StringComparison.Ordinal) && payload.Length >= node.Length)
        {
            hear(payload[node.Length..]);
        }
    }

    private async Task<bool> TryAsync(Func<Task> work, CancellationToken ct)
    {
        try
        {
            await work();
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogWarning(e, "Messages on {Channel} do not reach the other nodes; trying again.", name);
            await Task.Delay(Retry, time, ct);
            return false;
        }
    }
}
