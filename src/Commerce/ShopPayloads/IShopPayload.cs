using System.Text.Json;
using Wellmet.Commerce.Connectors;
using Wellmet.Commerce.Storefronts;

namespace Wellmet.Commerce.ShopPayloads;

/// <summary>Reads what one shop system sends into what all of them mean. Each refuses with <c>payload_incomplete</c> what lacks something that nobody can guess.</summary>
internal interface IShopPayload
{
    /// <summary>Null for what is no order of the books, with the reason.</summary>
    ShopOrder? Order(JsonElement payload, out string? ignored);

    ShopRefund Refund(JsonElement payload);

    ShopParcel Parcel(JsonElement payload);

    ShopPerson Customer(JsonElement payload);

    /// <summary>Null for what is not sold itself.</summary>
    ShopProduct? Product(JsonElement payload);

    /// <summary>Of a product that is gone, of which nothing else is said.</summary>
    string ProductId(JsonElement payload);

    /// <summary>The customer whom a request by law is about.</summary>
    ShopPerson About(JsonElement payload);

    /// <summary>Shop systems send none.</summary>
    Mappings.MappedEvent Event(JsonElement payload) => throw new Platform.ProblemException("topic_unknown", "This topic is not worked on.", 422);

    static IShopPayload Of(Connection connection, Storefront storefront) =>
        connection.System == ShopSystem.Shopify ? new ShopifyPayload(connection, storefront) : new WooCommercePayload(connection, storefront);
}
