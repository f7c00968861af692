using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Connectors;

/// <summary>A program that sends webhooks.</summary>
public enum ShopSystem
{
    Shopify,
    WooCommerce,

    /// <summary>Any other program: a mapping says what its payloads mean.</summary>
    Generic,
}

/// <summary>A shop whose system sends what happens in it.</summary>
/// <param name="CustomerPrefix">Put before the shop's numbers of customers; empty for none. WooCommerce counts customers from 1 in each shop.</param>
/// <param name="PingedAt">When WooCommerce last tried the address.</param>
public sealed record Connection(Guid ConnectionId, ShopSystem System, Guid StorefrontId, string StorefrontName, string CustomerPrefix, DateTimeOffset CreatedAt, DateTimeOffset? OldSecretUntil, DateTimeOffset? PingedAt)
{
    internal const string From = "commerce_connections c join commerce_storefronts f on f.storefront_id = c.storefront_id";

    internal const string Columns = "c.connection_id, c.system, c.storefront_id, f.name, c.customer_prefix, c.created_at, c.old_secret_until, c.pinged_at, c.name, c.settings";

    internal const int ColumnCount = 10;

    internal static Connection Of(Row r) => new(r.Guid(0), r.Enum<ShopSystem>(1), r.Guid(2), r.Text(3), r.Text(4), r.Time(5), r.TimeOrNull(6), r.TimeOrNull(7)) { Name = r.TextOrNull(8), Settings = HookSettings.Read(r.TextOrNull(9)) };

    /// <summary>Of a generic connection.</summary>
    public string? Name { get; init; }

    /// <summary>Null but for a generic connection.</summary>
    public HookSettings? Settings { get; init; }

    public string Title => Name ?? StorefrontName;

    public bool IsGeneric => System == ShopSystem.Generic;

    /// <summary>Under which the shop's customer is known here.</summary>
    internal string CustomerNumber(string number) => CustomerPrefix + number;
}
