using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Wellmet.Commerce.Connectors;
using Wellmet.Commerce.Mappings;
using Wellmet.Platform.Storage;
using Wellmet.Tests.Customers;
using Wellmet.Tests.Insights;

namespace Wellmet.Tests.Commerce.Connectors;

/// <summary>A shop with a generic connection, and what a program would send over it.</summary>
internal static class MappedShop
{
    public const string Secret = "a secret of the program";

    public static async Task<ConnectedShop> OpenAsync(TestShop shop, string? mapping = null, string? topicHeader = null, string? keyHeader = null)
    {
        var storefront = await shop.OpenStorefrontAsync(currency: "EUR");
        var settings = HookSettings.Of(HookProof.Hmac, null, HookEncoding.Hex, topicHeader, keyHeader);
        var made = await shop.UseAsync<CreateConnection, MadeConnection>(c => c.RunAsync(new(ShopSystem.Generic, storefront, Secret, "", "Our ERP", settings), default));
        var connected = new ConnectedShop(shop, made.ConnectionId, ShopSystem.Generic);
        if (mapping is not null)
        {
            await connected.MapAsync(mapping);
        }
        return connected;
    }

    public static Task<long> MapAsync(this ConnectedShop connected, string mapping) => connected.Shop.UseAsync<SaveMapping, long>(s => s.RunAsync(connected.ConnectionId, MappingJson.Read(mapping), default));

    /// <summary>Sends as the program would; nothing is worked on yet.</summary>
    public static Task<DeliveryAnswer> SendMappedAsync(this ConnectedShop connected, object payload, params (string Name, string Value)[] headers)
    {
        var body = Encoding.UTF8.GetBytes(payload as string ?? JsonSerializer.Serialize(payload));
        var sent = new HeaderDictionary { ["X-Signature"] = Convert.ToHexString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body)) };
        foreach (var (name, value) in headers)
        {
            sent[name] = value;
        }
        return connected.Shop.UseAsync<IServiceProvider, DeliveryAnswer>(async services =>
        {
            var open = await ((ConnectionStore)services.GetService(typeof(ConnectionStore))!).OpenAsync(connected.ConnectionId, default);
            return await ((TakeDelivery)services.GetService(typeof(TakeDelivery))!).RunAsync(new(open, HookProtocol.Read(open.Connection.Settings!, sent), body), default);
        });
    }

    public static async Task TellMappedAsync(this ConnectedShop connected, object payload, params (string Name, string Value)[] headers)
    {
        await connected.SendMappedAsync(payload, headers);
        await connected.WorkAsync();
    }

    /// <summary>State, reason and place of each delivery.</summary>
    public static Task<List<string>> OutcomesAsync(this ConnectedShop connected) => connected.Shop.Database.ReadAsync(s => s.QueryAsync(
        "select state, reason, detail, case when body is null then 0 else 1 end from commerce_deliveries where connection_id = @ConnectionId order by received_at, delivery_id", new { connected.ConnectionId },
        r => string.Join(' ', new[] { r.Text(0), r.TextOrNull(1), r.TextOrNull(2), r.Long(3) == 1 ? "kept" : null }.OfType<string>()), default), default);
}
