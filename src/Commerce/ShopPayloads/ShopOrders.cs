using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Wellmet.Commerce.Connectors;
using Wellmet.Commerce.Orders;
using Wellmet.Commerce.ShopEvents;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.ShopPayloads;

/// <summary>
/// Keeps the orders of a shop by the rules by which its server's events are kept (see <see cref="PlaceToldOrder"/>). The shop tells all of an order each time: the newest telling counts, refunds and parcels
/// are told apart by their own ids. So it ends the same in whatever order deliveries come, and however often.
/// </summary>
internal sealed class ShopOrders(ShopCustomers people, PlaceToldOrder place, OrderParts parts, Database database, TimeProvider time) : IShopKeeper
{
    private static readonly TimeSpan Live = TimeSpan.FromDays(1);

    public IReadOnlyList<ShopTopic> Topics => [ShopTopic.Order];

    public async Task<WriteShopDelivery> PrepareAsync(ShopDelivery delivery, CancellationToken ct)
    {
        if (delivery.Read.Order(delivery.Payload, out var ignored) is not { } order)
        {
            return (_, _) => Task.FromResult(DeliveryOutcome.Ignored(ignored!));
        }
        var known = await database.ReadAsync(s => ConnectedThing.FindAsync(s, delivery.Connection.ConnectionId, ConnectedThing.Order, order.ExternalId, ct), ct);
        var thing = new ConnectedThing(delivery.Connection.ConnectionId, ConnectedThing.Order, order.ExternalId, order.ChangedAt, delivery.TriggeredAt) { Number = order.Number };
        if (!thing.IsNewerThan(known))
        {
            return (_, _) => Task.FromResult(DeliveryOutcome.Ignored("older"));
        }
        var found = await people.FindAsync(delivery.Connection, order.Person, known?.SubjectId, ct);
        var keys = await parts.KeysAsync(delivery, order.Number, found, ct);
        var told = Told(delivery, order, found);
        thing = thing with { SubjectId = found.SubjectId, Content = Hash(told.Event) };
        return async (tx, inner) =>
        {
            await people.WriteAsync(tx, delivery.Connection, found, order.PlacedAt, inner);
            if (known?.Content != thing.Content)
            {
                await place.RunAsync(tx, told, inner);
            }
            await parts.WriteAsync(tx, new OrderOfShop(delivery, told, keys), order, inner);
            await thing.KeepAsync(tx, inner);
            await parts.ReleaseAsync(tx, thing, inner);
            return DeliveryOutcome.Done;
        };
    }

    /// <summary>The order as its server would tell it.</summary>
    private ToldEvent Told(ShopDelivery delivery, ShopOrder order, FoundPerson found)
    {
        var properties = new
        {
            order_id = order.Number, currency = order.Currency, subtotal = order.Goods, shipping = order.Charges, ships_to = order.Country,
            products = order.Lines.Select(l => new { sku = l.Code, name = l.Name, quantity = l.Quantity, price = l.Price }),
        };
        var now = time.GetUtcNow();
        var at = order.PlacedAt > now ? now : order.PlacedAt;
        // Told as an update, it takes the place of what the shop told before; where nothing stands, it is an order as any other.
        return OrderParts.Told(delivery, found.SubjectId, found.Anonymous, "Order Updated", at, order.Number, properties, live: at > now - Live);
    }

    private static string Hash(OrderEventCollected told) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{told.SubjectId:N}|{told.OccurredAt.UtcTicks}|{told.Source.Properties.Json}")));
}

/// <summary>An order of a shop on its way into the books.</summary>
/// <param name="Told">The order itself, or the event that is told of it.</param>
/// <param name="Keys">Of whoever may get its parcels.</param>
internal sealed record OrderOfShop(ShopDelivery Delivery, ToldEvent Told, Platform.Vault.SubjectKeys Keys);
