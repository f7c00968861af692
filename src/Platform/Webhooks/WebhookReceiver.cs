using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Wellmet.Platform.Log;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Webhooks;

/// <summary>Writes down what is to be told to whom, once for each event and endpoint. Nothing is sent here: one endpoint must not keep the log waiting.</summary>
internal sealed class WebhookReceiver(WebhookCatalog catalog, WebhookOutbox outbox) : IReceiver
{
    public IReadOnlyList<Type> Accepts => catalog.Accepts;

    public async Task ReceiveAsync(IReadOnlyList<Delivery> deliveries, Transaction tx, CancellationToken ct)
    {
        var live = deliveries.Where(d => d.Live).ToList();
        if (live.Count == 0)
        {
            return;
        }
        var endpoints = await tx.QueryAsync($"select {WebhookEndpoint.Columns} from webhooks_endpoints where disabled_at is null", null, WebhookEndpoint.Of, ct);
        if (endpoints.Count == 0)
        {
            return;
        }
        foreach (var delivery in live)
        {
            foreach (var message in catalog.MessagesOf(delivery.Event))
            {
                var hearing = endpoints.Where(e => e.Types.Contains(message.Type)).Select(e => e.EndpointId).ToList();
                await outbox.AddAsync(tx, IdOf(delivery, message.Type), message, hearing, ct);
            }
        }
    }

    /// <summary>The same for the same event.</summary>
    private static Guid IdOf(Delivery delivery, string type) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"{type}|{delivery.Partition}|{delivery.Seq}")).AsSpan(0, 16), bigEndian: true);
}

/// <summary>Messages that are to be sent, and to whom.</summary>
internal sealed class WebhookOutbox(TimeProvider time)
{
    private static readonly JsonSerializerOptions Written = EventTypes.Format;
    private TaskCompletionSource work = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends once something was added.</summary>
    public Task NextWork => Volatile.Read(ref work).Task;

    public void Wake() => Interlocked.Exchange(ref work, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    public async Task AddAsync(Transaction tx, Guid messageId, WebhookMessage message, IReadOnlyList<Guid> endpoints, CancellationToken ct)
    {
        if (endpoints.Count == 0)
        {
            return;
        }
        var now = time.GetUtcNow();
        var body = JsonSerializer.Serialize(new { type = message.Type, timestamp = message.OccurredAt.UtcDateTime, data = message.Data }, Written);
        await tx.ExecuteAsync("""
            insert into webhooks_messages (message_id, type, subject_id, purpose, body, created_at) values (@messageId, @Type, @SubjectId, @Purpose, @body, @now) on conflict do nothing
            """, new { messageId, message.Type, message.SubjectId, message.Purpose, body, now }, ct);
        foreach (var endpoint in endpoints)
        {
            await tx.ExecuteAsync("""
                insert into webhooks_deliveries (endpoint_id, message_id, state, attempts, created_at, next_at) values (@endpoint, @messageId, 'pending', 0, @now, @now) on conflict do nothing
                """, new { endpoint, messageId, now }, ct);
        }
        tx.AfterCommit(Wake);
    }
}
