using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Wellmet.Commerce.Connectors;
using Wellmet.Platform.Storage;
using Wellmet.Tests.Customers;
using Wellmet.Tests.Insights;

namespace Wellmet.Tests.Commerce.Connectors;

/// <summary>A shop with a connection, and what a shop system would send over it.</summary>
internal sealed record ConnectedShop(TestShop Shop, Guid ConnectionId, ShopSystem System)
{
    public const string Secret = "a secret of the shop";
    private static int deliveries;

    public static async Task<ConnectedShop> OpenAsync(TestShop shop, ShopSystem system, string prefix = "")
    {
        var storefront = await shop.OpenStorefrontAsync(currency: "EUR");
        var made = await shop.UseAsync<CreateConnection, MadeConnection>(c => c.RunAsync(new(system, storefront, Secret, prefix), default));
        return new ConnectedShop(shop, made.ConnectionId, system);
    }

    public static string Sign(string secret, byte[] body) => Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    public static string NewKey() => $"delivery-{Interlocked.Increment(ref deliveries)}";

    /// <summary>Sends as the shop would; nothing is worked on yet.</summary>
    public Task<DeliveryAnswer> SendAsync(string topic, object payload, string? key = null, DateTimeOffset? triggered = null)
    {
        var body = Encoding.UTF8.GetBytes(payload as string ?? JsonSerializer.Serialize(payload));
        var headers = new HeaderDictionary();
        foreach (var (name, value) in System == ShopSystem.Shopify
            ? new[] { ("X-Shopify-Topic", topic), ("X-Shopify-Hmac-Sha256", Sign(Secret, body)), ("X-Shopify-Webhook-Id", key ?? NewKey()), ("X-Shopify-Triggered-At", triggered?.ToString("O") ?? "") }
            : [("X-WC-Webhook-Topic", topic), ("X-WC-Webhook-Signature", Sign(Secret, body)), ("X-WC-Webhook-Delivery-ID", key ?? NewKey())])
        {
            headers[name] = value;
        }
        return Shop.UseAsync<IServiceProvider, DeliveryAnswer>(async services => await services.Take().RunAsync(
            new(await services.Store().OpenAsync(ConnectionId, default), ShopProtocol.Read(System, headers), body), default));
    }

    /// <summary>Sends, and works off all that came.</summary>
    public async Task TellAsync(string topic, object payload, string? key = null, DateTimeOffset? triggered = null)
    {
        await SendAsync(topic, payload, key, triggered);
        await WorkAsync();
    }

    public Task WorkAsync() => Shop.Get<DeliveryWorker>().RunOnceAsync(default);

    /// <summary>Each delivery with what became of it.</summary>
    public Task<List<string>> DeliveriesAsync() => Shop.Database.ReadAsync(s => s.QueryAsync(
        "select topic, state, reason, case when body is null then 0 else 1 end from commerce_deliveries where connection_id = @ConnectionId order by received_at, delivery_id", new { ConnectionId },
        r => $"{r.Text(0)} {r.Text(1)} {r.TextOrNull(2)}{(r.Long(3) == 1 ? " kept" : "")}".Replace("  ", " ", StringComparison.Ordinal).Trim(), default), default);

    /// <summary>Orders with all that happened to them, in words.</summary>
    public Task<List<string>> OrdersAsync(string prefix = "") => Shop.Database.ReadAsync(async s =>
    {
        var orders = await s.QueryAsync($"""
            select o.order_id, o.number, o.told_by, o.state, o.revenue_minor, o.country, o.anonymous, o.placed_at,
              (select coalesce(sum(r.refund_minor), 0) from commerce_returns r where r.order_id = o.order_id),
              (select coalesce(sum(l.amount_minor), 0) from commerce_cancellation_lines l where l.order_id = o.order_id)
            from commerce_orders o where o.number like '{prefix}%' order by o.number
            """, null, r => (Id: r.Guid(0), Text: $"{r.Text(1)} {r.Text(2)} {r.Text(3)} {r.Long(4)} {r.TextOrNull(5)}{(r.Bool(6) ? " nobody" : "")} {r.Time(7):yyyy-MM-dd}, back {r.Long(8)}, cancelled {r.Long(9)}"), default);
        var lines = (await s.QueryAsync("select order_id, sku, quantity, amount_minor from commerce_order_lines order by sku, quantity", null,
            r => (Id: r.Guid(0), Text: $"{r.Text(1)} x{r.Long(2)} {r.Long(3)}"), default)).ToLookup(l => l.Id, l => l.Text);
        var parcels = (await s.QueryAsync("""
            select p.order_id, p.carrier, p.tracking, p.delivered_at, (select coalesce(sum(l.quantity), 0) from commerce_shipment_lines l where l.shipment_id = p.shipment_id) from commerce_shipments p order by p.shipped_at
            """, null, r => (Id: r.Guid(0), Text: $"parcel of {r.Long(4)} by {r.TextOrNull(1)}{(r.IsNull(2) ? "" : " tracked")}{(r.IsNull(3) ? "" : " arrived")}"), default)).ToLookup(p => p.Id, p => p.Text);
        return orders.ConvertAll(o => $"{o.Text}: {string.Join(", ", lines[o.Id].Concat(parcels[o.Id]))}");
    }, default);
}

file static class Internals
{
    public static TakeDelivery Take(this IServiceProvider services) => (TakeDelivery)services.GetService(typeof(TakeDelivery))!;

    public static ConnectionStore Store(this IServiceProvider services) => (ConnectionStore)services.GetService(typeof(ConnectionStore))!;
}
