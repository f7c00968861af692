using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Wellmet.Commerce.Mappings;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Commerce.Connectors;

/// <summary>How a delivery was answered.</summary>
internal enum DeliveryAnswer
{
    /// <summary>It is durable, and is worked on.</summary>
    Accepted,

    /// <summary>It came before.</summary>
    Duplicate,

    /// <summary>Its topic is not worked on.</summary>
    Ignored,

    /// <summary>WooCommerce tried the address.</summary>
    Pong,
}

/// <summary>Keeps what a shop system sends, sealed, once its signature fits; the work comes afterwards.</summary>
internal sealed class TakeDelivery(Database database, KeyStore keys, MessageIds messages, DeliveryNews news, TimeProvider time)
{
    public const string BodyColumn = "commerce_deliveries.body";

    /// <param name="Headers">Of the request, as they came.</param>
    /// <param name="Body">As it came: every byte counts for the signature.</param>
    public sealed record Request(OpenConnection To, DeliveryHeaders Headers, ReadOnlyMemory<byte> Body);

    /// <summary>Durable when it returns.</summary>
    /// <exception cref="ProblemException"><c>signature_refused</c> (401): nothing was kept; <c>topic_missing</c> (400).</exception>
    public async Task<DeliveryAnswer> RunAsync(Request request, CancellationToken ct)
    {
        var (connection, headers) = (request.To.Connection, request.Headers);
        if (connection.Settings is { } settings ? !HookProtocol.IsAuthentic(settings, request.To.Secrets, headers, request.Body.Span, time.GetUtcNow())
            : !ShopProtocol.IsSigned(request.To.Secrets, headers.Signature, request.Body.Span))
        {
            news.Refused(connection.ConnectionId, time.GetUtcNow());
            throw new ProblemException("signature_refused", "The signature does not fit the body and this connection's secret.", StatusCodes.Status401Unauthorized);
        }
        var topic = headers.Topic ?? throw new ProblemException("topic_missing", "The request does not say what it is about.", 400);
        var now = time.GetUtcNow();
        var known = connection.IsGeneric || ShopTopics.Find(connection.System, topic) is not null;
        var bodyKey = ShopIds.BodyKeyOf(connection.ConnectionId, now);
        var body = known ? (await keys.KeysAsync([bodyKey], create: true, ct)).Seal(bodyKey, BodyColumn, Encoding.UTF8.GetString(request.Body.Span)) : (Sealed<string>?)null;
        var key = headers.Key ?? await messages.KeyOfAsync(connection, request.Body, ct) ?? Convert.ToHexString(SHA256.HashData(request.Body.Span));
        var added = await database.WriteAsync(tx => tx.ExecuteAsync("""
            insert into commerce_deliveries (connection_id, delivery_key, delivery_id, topic, received_at, triggered_at, state, reason, attempts, next_at, finished_at, body, body_key)
            values (@ConnectionId, @key, @id, @topic, @now, @TriggeredAt, @state, @reason, 0, @now, @finished, @body, @bodyKey) on conflict do nothing
            """, new
        {
            connection.ConnectionId, key, id = Id.New(), topic, now, headers.TriggeredAt,
            state = known ? DeliveryState.Waiting : DeliveryState.Ignored, reason = known ? null : "topic_unknown", finished = known ? (DateTimeOffset?)null : now, body, bodyKey,
        }, ct), ct);
        if (added == 0)
        {
            return DeliveryAnswer.Duplicate;
        }
        news.Wake();
        return known ? DeliveryAnswer.Accepted : DeliveryAnswer.Ignored;
    }

    /// <summary>WooCommerce tries the address when the webhook is made; nothing is signed, and nothing kept but the time.</summary>
    public Task PingAsync(Connection connection, CancellationToken ct) => database.WriteAsync(tx =>
        tx.ExecuteAsync("update commerce_connections set pinged_at = @now where connection_id = @ConnectionId and (pinged_at is null or pinged_at < @lately)",
            new { now = time.GetUtcNow(), lately = time.GetUtcNow().AddMinutes(-1), connection.ConnectionId }, ct), ct);
}

/// <summary>Tells the worker that there is something to do, and remembers on this node what was refused: a wrong secret should be seen at once.</summary>
internal sealed class DeliveryNews
{
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> refused = new();
    private TaskCompletionSource work = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task NextWork => Volatile.Read(ref work).Task;

    public void Wake() => Interlocked.Exchange(ref work, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    public void Refused(Guid connection, DateTimeOffset at) => refused[connection] = at;

    /// <summary>When a signature was refused last, as far as this node knows since it started.</summary>
    public DateTimeOffset? LastRefused(Guid connection) => refused.TryGetValue(connection, out var at) ? at : null;
}
