using System.Text.Json;
using Wellmet.Commerce.Connectors;
using Wellmet.Commerce.Contract;
using Wellmet.Commerce.Orders;
using Wellmet.Commerce.ShopEvents;
using Wellmet.Commerce.Shipments;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Commerce.ShopPayloads;

/// <summary>Keeps what happens to a shop's order: cancellations, refunds, parcels. Those that come before their order wait for it.</summary>
internal sealed class OrderParts(Database database, KeyStore store, TimeProvider time) : IShopKeeper
{
    private static readonly TimeSpan Live = TimeSpan.FromDays(1);
    private static readonly JsonSerializerOptions Written = new() { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    public IReadOnlyList<ShopTopic> Topics => [ShopTopic.Refund, ShopTopic.Parcel];

    public async Task<WriteShopDelivery> PrepareAsync(ShopDelivery delivery, CancellationToken ct)
    {
        var refund = delivery.Topic == ShopTopic.Refund ? delivery.Read.Refund(delivery.Payload) : null;
        var parcel = delivery.Topic == ShopTopic.Parcel ? delivery.Read.Parcel(delivery.Payload) : null;
        var orderId = refund?.OrderId ?? parcel!.OrderId;
        var order = await database.ReadAsync(s => ConnectedThing.FindAsync(s, delivery.Connection.ConnectionId, ConnectedThing.Order, orderId, ct), ct);
        if (order?.Number is not { } number)
        {
            return (_, _) => Task.FromResult(new DeliveryOutcome(DeliveryState.Held, "order_unknown", orderId));
        }
        var keys = await KeysAsync(delivery, number, null, ct);
        return async (tx, inner) =>
        {
            if (await StandingOrder.FindAsync(tx, delivery.Storefront.StorefrontId, number, inner) is not { } standing)
            {
                return DeliveryOutcome.Ignored("order_gone");
            }
            var told = Told(delivery, standing.Key.SubjectId, false, "", standing.PlacedAt, number, new { }, live: false);
            await (refund is not null ? RefundAsync(tx, new OrderOfShop(delivery, told, keys), refund, inner) : ParcelAsync(tx, new OrderOfShop(delivery, told, keys), standing, parcel!, inner));
            return DeliveryOutcome.Done;
        };
    }

    /// <summary>An event about the order, as the shop's server would tell it.</summary>
    public static ToldEvent Told(ShopDelivery delivery, Guid subject, bool anonymous, string name, DateTimeOffset at, string number, object properties, bool live, string messageId = "")
    {
        var facts = new CollectedFacts(delivery.Connection.ConnectionId, delivery.Storefront.StorefrontId, messageId, true, anonymous, new EventProperties(JsonSerializer.Serialize(properties, Written)), null) { FromServer = true };
        var happened = new OrderEventCollected(subject, at, name, facts);
        return new ToldEvent(new Delivery(0, 0, happened, live, null), happened, number, delivery.Storefront);
    }

    /// <summary>Keys of those whose the order may be, opened before the transaction.</summary>
    /// <param name="found">Null where the order stands.</param>
    public async Task<SubjectKeys> KeysAsync(ShopDelivery delivery, string number, FoundPerson? found, CancellationToken ct)
    {
        var standing = await database.ReadAsync(s => s.FirstAsync("""
            select o.subject_id, o.anonymous from commerce_order_numbers n join commerce_orders o on o.subject_id = n.subject_id and o.order_id = n.document_id
            where n.storefront_id = @StorefrontId and n.number = @number and n.document = 'order'
            """, new { delivery.Storefront.StorefrontId, number }, r => ((Guid Subject, bool Anonymous)?)(r.Guid(0), r.Bool(1)), ct), ct);
        var owners = new List<Guid>();
        // Who was never known gets a key now; who was erased has none, and of them nothing is kept.
        foreach (var (subject, anonymous) in new[] { standing, found is null ? ((Guid, bool)?)null : (found.SubjectId, found.Anonymous) }.OfType<(Guid, bool)>())
        {
            owners.Add(subject);
            if (anonymous)
            {
                await store.KeysAsync([subject], create: true, ct);
            }
        }
        return await store.KeysAsync(owners, create: false, ct);
    }

    /// <summary>Refunds first: what was paid back is not cancelled once more.</summary>
    public async Task WriteAsync(Transaction tx, OrderOfShop of, ShopOrder order, CancellationToken ct)
    {
        foreach (var refund in order.Refunds)
        {
            await RefundAsync(tx, of, refund, ct);
        }
        if (order.Parcels.Count > 0 && await StandingOrder.FindAsync(tx, of.Delivery.Storefront.StorefrontId, order.Number, ct) is { } standing)
        {
            foreach (var parcel in order.Parcels)
            {
                await ParcelAsync(tx, of, standing, parcel, ct);
            }
        }
        if (order.CancelledAt is { } at)
        {
            await ChangeToldOrder.RunAsync(tx, Told(of.Delivery, of.Told.Event.SubjectId, false, "Order Cancelled", at, order.Number, new { }, IsLive(at)), ct);
        }
    }

    /// <summary>What waited for this order is worked on next.</summary>
    public async Task ReleaseAsync(Transaction tx, ConnectedThing order, CancellationToken ct) => await tx.ExecuteAsync("""
        update commerce_deliveries set state = 'waiting', reason = null, waits_for = null, next_at = @now where connection_id = @ConnectionId and state = 'held' and waits_for = @ExternalId
        """, new { now = time.GetUtcNow(), order.ConnectionId, order.ExternalId }, ct);

    private async Task RefundAsync(Transaction tx, OrderOfShop of, ShopRefund refund, CancellationToken ct)
    {
        await CancelAsync(tx, of, refund, ct);
        if (refund.Amount <= 0)
        {
            return;
        }
        var products = refund.Returned.Count == 0 ? null : refund.Returned.Select(i => new { sku = i.Sku, quantity = i.Quantity });
        await ChangeToldOrder.RunAsync(tx, Told(of.Delivery, of.Told.Event.SubjectId, false, "Order Refunded", refund.At, of.Told.Number, new { total = refund.Amount, products }, IsLive(refund.At), "refund:" + refund.ExternalId), ct);
    }

    /// <summary>Takes out of the order what will not be sent.</summary>
    private async Task CancelAsync(Transaction tx, OrderOfShop of, ShopRefund refund, CancellationToken ct)
    {
        if (refund.Cancelled.Count == 0 || await StandingOrder.FindAsync(tx, of.Delivery.Storefront.StorefrontId, of.Told.Number, ct) is not { } standing)
        {
            return;
        }
        var id = ShopIds.Of(of.Delivery.Connection.ConnectionId, "cancellation", refund.ExternalId);
        var head = await OrderHead.FindAsync(tx, standing.Key.OrderId, ct);
        var items = ItemQuantities.AtMost(await OrderHead.LinesAsync(tx, head, ct), refund.Cancelled);
        if (items.Units > 0 && await tx.CountAsync("select count(*) from commerce_cancellations where subject_id = @SubjectId and cancellation_id = @id", new { head.SubjectId, id }, ct) == 0)
        {
            Tell(tx, await CancelItems.WriteAsync(tx, head, items, refund.At, ct, id), refund.At);
        }
    }

    private async Task ParcelAsync(Transaction tx, OrderOfShop of, StandingOrder standing, ShopParcel parcel, CancellationToken ct)
    {
        var connection = of.Delivery.Connection.ConnectionId;
        var thing = new ConnectedThing(connection, ConnectedThing.Parcel, parcel.ExternalId, parcel.ChangedAt, of.Delivery.TriggeredAt);
        if (!thing.IsNewerThan(await ConnectedThing.FindAsync(tx, connection, ConnectedThing.Parcel, parcel.ExternalId, ct)))
        {
            return;
        }
        await thing.KeepAsync(tx, ct);
        var head = await OrderHead.FindAsync(tx, standing.Key.OrderId, ct);
        var shipmentId = ShopIds.Of(connection, ConnectedThing.Parcel, parcel.ExternalId);
        var key = new { head.SubjectId, shipmentId };
        var sent = await tx.CountAsync("select count(*) from commerce_shipments where subject_id = @SubjectId and shipment_id = @shipmentId", key, ct) > 0;
        if (parcel.Gone)
        {
            await CallBackAsync(tx, head, key, ct);
            return;
        }
        var tracking = of.Keys.Has(head.SubjectId) ? of.Keys.SealOrNull(head.SubjectId, ShipmentRow.TrackingColumn, parcel.Tracking) : null;
        if (!sent)
        {
            var items = await ItemsAsync(tx, head, parcel, ct);
            Tell(tx, await RecordShipment.WriteAsync(tx, head, new(shipmentId, parcel.Carrier, tracking, null, parcel.SentAt, items), ct), parcel.SentAt);
        }
        else
        {
            await tx.ExecuteAsync("update commerce_shipments set carrier = coalesce(@Carrier, carrier), tracking = coalesce(@tracking, tracking) where subject_id = @SubjectId and shipment_id = @shipmentId",
                new { parcel.Carrier, tracking, head.SubjectId, shipmentId }, ct);
        }
        if (parcel.DeliveredAt is { } arrived && await tx.ExecuteAsync("update commerce_shipments set delivered_at = @arrived where subject_id = @SubjectId and shipment_id = @shipmentId and delivered_at is null",
            new { arrived, head.SubjectId, shipmentId }, ct) > 0)
        {
            await OrderFigures.RefreshAsync(tx, [head.Key], ct);
            Tell(tx, new ShipmentDelivered(head.SubjectId, arrived, head.Row.OrderId, shipmentId, head.Row.Number, 0), arrived);
        }
    }

    /// <summary>Of what the shop names at most what was ordered; all that is left where it names nothing.</summary>
    private static async Task<IReadOnlyList<ItemQuantity>> ItemsAsync(Transaction tx, OrderHead head, ShopParcel parcel, CancellationToken ct)
    {
        var lines = (await OrderHead.LinesAsync(tx, head, ct)).Where(l => l.Kind == LineKind.Product).GroupBy(l => l.Sku).ToDictionary(g => g.Key, g => (Ordered: g.Sum(l => l.Quantity), g.First().Left));
        var named = parcel.Items.Count == 0 ? lines.Select(l => new ItemQuantity(l.Key, l.Value.Left))
            : parcel.Items.Where(i => lines.ContainsKey(i.Sku)).GroupBy(i => i.Sku).Select(g => new ItemQuantity(g.Key, Math.Min(g.Sum(i => i.Quantity), lines[g.Key].Ordered)));
        return [.. named.Where(i => i.Quantity > 0)];
    }

    /// <summary>A parcel that never left.</summary>
    private static async Task CallBackAsync(Transaction tx, OrderHead head, object key, CancellationToken ct)
    {
        if (await tx.ExecuteAsync("delete from commerce_shipments where subject_id = @SubjectId and shipment_id = @shipmentId and delivered_at is null", key, ct) > 0)
        {
            await tx.ExecuteAsync("delete from commerce_shipment_lines where subject_id = @SubjectId and shipment_id = @shipmentId", key, ct);
            await OrderFigures.RefreshAsync(tx, [head.Key], ct);
        }
    }

    private bool IsLive(DateTimeOffset at) => at > time.GetUtcNow() - Live;

    private void Tell(Transaction tx, ILogEvent happened, DateTimeOffset at)
    {
        if (IsLive(at))
        {
            tx.Append(happened);
        }
        else
        {
            tx.AppendHistory(happened, importId: null);
        }
    }
}
