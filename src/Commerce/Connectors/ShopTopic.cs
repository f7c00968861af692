using System.Collections.Frozen;

namespace Wellmet.Commerce.Connectors;

/// <summary>What a delivery is about.</summary>
internal enum ShopTopic
{
    Order,
    Refund,
    Parcel,
    Product,
    ProductGone,
    Customer,

    /// <summary>A customer wants to know what is kept of them.</summary>
    DataRequest,

    /// <summary>A customer wants to be forgotten.</summary>
    EraseCustomer,

    /// <summary>The shop has left, and asks to forget its customers.</summary>
    EraseShop,

    /// <summary>Something that a person did; of programs whose payloads a mapping reads.</summary>
    Event,
}

/// <summary>The topics of each shop system that are worked on, by their names there.</summary>
internal static class ShopTopics
{
    private static readonly FrozenDictionary<string, ShopTopic> Shopify = new Dictionary<string, ShopTopic>
    {
        ["orders/create"] = ShopTopic.Order, ["orders/updated"] = ShopTopic.Order, ["orders/paid"] = ShopTopic.Order, ["orders/cancelled"] = ShopTopic.Order, ["orders/fulfilled"] = ShopTopic.Order,
        ["orders/partially_fulfilled"] = ShopTopic.Order, ["refunds/create"] = ShopTopic.Refund, ["fulfillments/create"] = ShopTopic.Parcel, ["fulfillments/update"] = ShopTopic.Parcel,
        ["products/create"] = ShopTopic.Product, ["products/update"] = ShopTopic.Product, ["products/delete"] = ShopTopic.ProductGone,
        ["customers/create"] = ShopTopic.Customer, ["customers/update"] = ShopTopic.Customer, ["customers/enable"] = ShopTopic.Customer, ["customers/disable"] = ShopTopic.Customer,
        ["customers/data_request"] = ShopTopic.DataRequest, ["customers/redact"] = ShopTopic.EraseCustomer, ["shop/redact"] = ShopTopic.EraseShop,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, ShopTopic> WooCommerce = new Dictionary<string, ShopTopic>
    {
        ["order.created"] = ShopTopic.Order, ["order.updated"] = ShopTopic.Order, ["order.restored"] = ShopTopic.Order,
        ["product.created"] = ShopTopic.Product, ["product.updated"] = ShopTopic.Product, ["product.restored"] = ShopTopic.Product, ["product.deleted"] = ShopTopic.ProductGone,
        ["customer.created"] = ShopTopic.Customer, ["customer.updated"] = ShopTopic.Customer,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Null for what is not worked on.</summary>
    public static ShopTopic? Find(ShopSystem system, string? name) => name is not null && Of(system).TryGetValue(name, out var topic) ? topic : null;

    /// <summary>To subscribe to in the shop; by law the requests of customers are sent to every app of Shopify's without it.</summary>
    public static IReadOnlyList<string> ToSubscribe(ShopSystem system) => system == ShopSystem.Shopify
        ? ["orders/create", "orders/updated", "orders/cancelled", "refunds/create", "fulfillments/create", "fulfillments/update", "products/create", "products/update", "products/delete", "customers/create", "customers/update"]
        : ["order.created", "order.updated", "product.created", "product.updated", "product.deleted", "customer.created", "customer.updated"];

    private static FrozenDictionary<string, ShopTopic> Of(ShopSystem system) => system == ShopSystem.Shopify ? Shopify : WooCommerce;
}
