using Wellmet.Commerce.Mappings;
using Wellmet.Commerce.ShopPayloads;
using Wellmet.Commerce.Storefronts;
using Wellmet.Platform;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Commerce.Connectors;

/// <summary>A delivery that is worked on next.</summary>
internal sealed record DueDelivery(Guid ConnectionId, string Key, string Topic, DateTimeOffset ReceivedAt, DateTimeOffset? TriggeredAt, long Attempts, Sealed<string>? Body, Guid BodyKey)
{
    public const string Columns = "connection_id, delivery_key, topic, received_at, triggered_at, attempts, body, body_key";

    public static DueDelivery Of(Row r) => new(r.Guid(0), r.Text(1), r.Text(2), r.Time(3), r.TimeOrNull(4), r.Long(5), r.Sealed(6), r.Guid(7));
}

/// <summary>
/// Works one delivery off: what it says is written in the transaction that marks it as done and lets go of its content. Content that cannot be taken is kept with the reason; what may
/// be otherwise later (a database out of reach) is tried again, later each time.
/// </summary>
[Uses(Purpose.Service, "takes in what the shop's own system tells of its customers and orders")]
internal sealed class WorkDelivery(Database database, KeyStore keys, ConnectionStore connections, IEnumerable<IShopKeeper> keepers, WorkMapped mapped, TimeProvider time)
{
    private static readonly TimeSpan[] Waits = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2)];

    /// <param name="lease">The work of this connection is ours; nothing is written once it is not.</param>
    public async Task RunAsync(DueDelivery due, ConnectionLease lease, CancellationToken ct)
    {
        try
        {
            var write = await PrepareAsync(due, lease, ct);
            await database.WriteAsync(async tx =>
            {
                await lease.DemandAsync(tx, ct);
                await FinishAsync(tx, due, await write(tx, ct), ct);
            }, ct);
        }
        catch (ProblemException refused) when (refused.Status < 500)
        {
            await database.WriteAsync(tx => FinishAsync(tx, due, new DeliveryOutcome(DeliveryState.Failed, refused.Code), ct), ct);
        }
        catch (Exception e) when (e is not (OperationCanceledException or ConnectionLease.LostException))
        {
            await PutOffAsync(due, ct);
            throw;
        }
    }

    private async Task<WriteShopDelivery> PrepareAsync(DueDelivery due, ConnectionLease lease, CancellationToken ct)
    {
        var connection = await connections.GetAsync(due.ConnectionId, ct);
        var body = (await keys.KeysAsync([due.BodyKey], create: false, ct)).Open(due.BodyKey, TakeDelivery.BodyColumn, due.Body)
            ?? throw new ProblemException("content_gone", "The content of this delivery is not kept any more.", 422);
        var storefront = await database.ReadAsync(s => s.FirstAsync($"select {Storefront.Columns} from commerce_storefronts where storefront_id = @StorefrontId", new { connection.StorefrontId }, Storefront.Of, ct), ct)
            ?? throw new ProblemException("storefront_unknown", "There is no such storefront.", 404);
        if (connection.IsGeneric)
        {
            return await mapped.PrepareAsync(due, connection, storefront, body, lease, ct);
        }
        var topic = ShopTopics.Find(connection.System, due.Topic) ?? throw new ProblemException("topic_unknown", "This topic is not worked on.", 422);
        var delivery = new ShopDelivery(connection, storefront, topic, due.Key, due.TriggeredAt ?? due.ReceivedAt, ShopJson.Parse(body), IShopPayload.Of(connection, storefront));
        return await keepers.First(k => k.Topics.Contains(topic)).PrepareAsync(delivery, ct);
    }

    /// <summary>What is done or ignored lets go of its content; over a generic connection once a hundred newer ones were, so that another mapping can be tried on them.</summary>
    private async Task FinishAsync(Transaction tx, DueDelivery due, DeliveryOutcome outcome, CancellationToken ct)
    {
        var generic = await tx.CountAsync("select count(*) from commerce_connections where connection_id = @ConnectionId and system = 'generic'", new { due.ConnectionId }, ct) > 0;
        await tx.ExecuteAsync("""
            update commerce_deliveries set state = @State, reason = @Reason, detail = @Detail, waits_for = @WaitsFor, attempts = attempts + 1, finished_at = @now, body = case when @keep then body else null end
            where connection_id = @ConnectionId and delivery_key = @Key
            """, new
        {
            outcome.State, outcome.Reason, outcome.Detail, outcome.WaitsFor, now = time.GetUtcNow(), keep = generic || outcome.State is DeliveryState.Failed or DeliveryState.Held, due.ConnectionId, due.Key,
        }, ct);
        if (generic)
        {
            await tx.ExecuteAsync($"""
                update commerce_deliveries set body = null where connection_id = @ConnectionId and body is not null and state in ('done', 'ignored') and received_at < (
                  select received_at from commerce_deliveries where connection_id = @ConnectionId and body is not null and state in ('done', 'ignored') order by received_at desc limit 1 offset {TryMapping.Most - 1})
                """, new { due.ConnectionId }, ct);
        }
    }

    private Task PutOffAsync(DueDelivery due, CancellationToken ct) => database.WriteAsync(tx => tx.ExecuteAsync("""
        update commerce_deliveries set attempts = attempts + 1, state = @state, reason = 'not_now', next_at = @next where connection_id = @ConnectionId and delivery_key = @Key
        """, new
    {
        state = due.Attempts < Waits.Length ? DeliveryState.Waiting : DeliveryState.Failed, next = time.GetUtcNow() + Waits[Math.Min(due.Attempts, Waits.Length - 1)], due.ConnectionId, due.Key,
    }, ct), ct);
}

/// <summary>The right to work on what came over a connection: one process at a time, so that nothing overtakes.</summary>
internal sealed class ConnectionLease(Guid connectionId, Guid node, TimeProvider time)
{
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(1);

    /// <summary>Another process has it.</summary>
    internal sealed class LostException : Exception;

    /// <summary>Takes it, or holds it for longer; false where another process has it.</summary>
    public static async Task<ConnectionLease?> TakeAsync(Database database, Guid connectionId, Guid node, TimeProvider time, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var taken = await database.WriteAsync(tx => tx.ExecuteAsync("""
            insert into commerce_connection_leases (connection_id, node, until) values (@connectionId, @node, @until)
            on conflict (connection_id) do update set node = excluded.node, until = excluded.until where commerce_connection_leases.node = @node or commerce_connection_leases.until < @now
            """, new { connectionId, node, now, until = now + Length }, ct), ct);
        return taken > 0 ? new ConnectionLease(connectionId, node, time) : null;
    }

    /// <summary>Holds it for longer, too: what one delivery holds may take longer than a lease.</summary>
    /// <exception cref="LostException">Somebody else has taken it, or may.</exception>
    public async Task DemandAsync(Transaction tx, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (await tx.ExecuteAsync("update commerce_connection_leases set until = @until where connection_id = @connectionId and node = @node and until > @now", new { connectionId, node, now, until = now + Length }, ct) == 0)
        {
            throw new LostException();
        }
    }
}
