using System.Text.Json;
using Wellmet.Commerce.Catalog;
using Wellmet.Commerce.Connectors;
using Wellmet.Commerce.Orders;
using Wellmet.Commerce.Storefronts;
using Wellmet.Platform;

namespace Wellmet.Commerce.ShopPayloads;

/// <summary>Reads what Shopify sends: resources of its Admin API (REST), alone or under their name.</summary>
internal sealed class ShopifyPayload(Connection connection, Storefront storefront) : IShopPayload
{
    private const string NoOptions = "Default Title", Cancel = "cancel";

    /// <summary>Webhooks hold the resource itself, the API puts it under its name.</summary>
    private static JsonElement Bare(JsonElement payload, string name) => ShopJson.Object(payload, name) is { ValueKind: JsonValueKind.Object } inner && payload.GetPropertyCount() == 1 ? inner : payload;

    public ShopOrder? Order(JsonElement payload, out string? ignored)
    {
        var order = Bare(payload, "order");
        ignored = ShopJson.Truth(order, "test") == true ? "test_order" : null;
        if (ignored is not null)
        {
            return null;
        }
        var id = ShopJson.DemandId(order, "id");
        var changed = ShopJson.DemandTime(order, "updated_at", "created_at");
        return new ShopOrder(id, ShopJson.Id(order, "name") ?? ShopJson.Id(order, "order_number") ?? id, ShopJson.DemandTime(order, "processed_at", "created_at"), changed, ShopJson.DemandCurrency(order),
            PersonOf(order, changed), [.. ShopJson.Objects(order, "line_items").Select(LineOf)], ShopJson.Number(order, "subtotal_price"),
            ShopJson.Objects(order, "shipping_lines").Sum(l => ShopJson.Number(l, "discounted_price") ?? ShopJson.Number(l, "price") ?? 0))
        {
            Country = CountryOf(order),
            CancelledAt = ShopJson.Time(order, "cancelled_at"),
            Refunds = [.. ShopJson.Objects(order, "refunds").Select(r => RefundOf(r, id)).OrderBy(r => r.At).ThenBy(r => r.ExternalId, StringComparer.Ordinal)],
            Parcels = [.. ShopJson.Objects(order, "fulfillments").Select(f => ParcelOf(f, id))],
        };
    }

    public ShopRefund Refund(JsonElement payload) => Bare(payload, "refund") is var refund ? RefundOf(refund, ShopJson.DemandId(refund, "order_id")) : null!;

    public ShopParcel Parcel(JsonElement payload) => Bare(payload, "fulfillment") is var parcel ? ParcelOf(parcel, ShopJson.DemandId(parcel, "order_id")) : null!;

    public ShopPerson Customer(JsonElement payload)
    {
        var customer = Bare(payload, "customer");
        return OfCustomer(customer, ShopJson.DemandId(customer, "id"), ShopJson.DemandTime(customer, "updated_at", "created_at"));
    }

    public ShopProduct? Product(JsonElement payload)
    {
        var product = Bare(payload, "product");
        return new ShopProduct(ShopJson.DemandId(product, "id"), ShopJson.DemandTime(product, "updated_at", "created_at"), [.. ShopJson.Objects(product, "variants").Select(v => VariantOf(product, v))]);
    }

    public string ProductId(JsonElement payload) => ShopJson.DemandId(Bare(payload, "product"), "id");

    /// <summary>Of a request about a customer.</summary>
    public ShopPerson About(JsonElement payload)
    {
        var customer = ShopJson.Object(payload, "customer");
        return new ShopPerson(NumberOf(customer), ShopJson.Personal(customer, "email"), ShopJson.Personal(customer, "phone"), null, null, null, default);
    }

    private string? NumberOf(JsonElement customer) => ShopJson.Id(customer, "id") is { } id ? connection.CustomerNumber(id) : null;

    private ShopPerson PersonOf(JsonElement order, DateTimeOffset changed)
    {
        var (customer, billing) = (ShopJson.Object(order, "customer"), ShopJson.Object(order, "billing_address"));
        if (ShopJson.Id(customer, "id") is { } id)
        {
            var known = OfCustomer(customer, id, ShopJson.Time(customer, "updated_at") ?? changed);
            return known with { Country = known.Country ?? CountryOf(order), Name = known.Name ?? ShopJson.Personal(billing, "name"), Locale = known.Locale ?? ShopJson.Text(order, "customer_locale") };
        }
        return new ShopPerson(null, ShopJson.Personal(order, "email") ?? ShopJson.Personal(order, "contact_email"), ShopJson.Personal(order, "phone") ?? ShopJson.Personal(billing, "phone"),
            ShopJson.Personal(billing, "name") ?? ShopJson.FullName(billing), CountryOf(order), ShopJson.Text(order, "customer_locale"), changed);
    }

    private ShopPerson OfCustomer(JsonElement customer, string id, DateTimeOffset saidAt)
    {
        var (address, consent) = (ShopJson.Object(customer, "default_address"), ShopJson.Object(customer, "email_marketing_consent"));
        // A box that nobody ticked is no refusal: only who left the list has refused.
        bool? accepts = ShopJson.Text(consent, "state") switch
        {
            "subscribed" => true,
            "unsubscribed" => false,
            null when ShopJson.Truth(customer, "accepts_marketing") == true => true,
            _ => null,
        };
        // Without a time of its own a subscription is as old as the customer: it is not said anew with each of their orders.
        var decided = ShopJson.Time(consent, "consent_updated_at") ?? ShopJson.Time(customer, "accepts_marketing_updated_at") ?? (accepts == true ? ShopJson.Time(customer, "created_at") : null);
        return new ShopPerson(connection.CustomerNumber(id), ShopJson.Personal(customer, "email"), ShopJson.Personal(customer, "phone") ?? ShopJson.Personal(address, "phone"), ShopJson.FullName(customer),
            ShopJson.Country(address, "country_code"), ShopJson.Text(customer, "locale"), saidAt, accepts, decided);
    }

    private static string? CountryOf(JsonElement order) =>
        ShopJson.Country(ShopJson.Object(order, "shipping_address"), "country_code") ?? ShopJson.Country(ShopJson.Object(order, "billing_address"), "country_code");

    private static ShopLine LineOf(JsonElement line) => new(CodeOf(line), ShopJson.Text(line, "name") ?? ShopJson.Text(line, "title") ?? "", ShopJson.Number(line, "quantity") ?? 1, ShopJson.Number(line, "price") ?? 0);

    /// <summary>The code that the shop gave, else the number of the variant; what is in no catalogue goes by its name.</summary>
    private static string CodeOf(JsonElement line) =>
        ShopJson.Id(line, "sku") ?? ShopJson.Id(line, "variant_id") ?? ShopJson.Id(line, "product_id") ?? ShopJson.Id(line, "title") ?? ShopJson.Id(line, "id") ?? "ITEM";

    private static ShopRefund RefundOf(JsonElement refund, string orderId)
    {
        var lines = ShopJson.Objects(refund, "refund_line_items");
        var paid = ShopJson.Objects(refund, "transactions").Where(t => ShopJson.Text(t, "kind") == "refund" && ShopJson.Text(t, "status") is null or "success").Sum(t => ShopJson.Number(t, "amount") ?? 0);
        // Nothing was paid back for what was taken out of an order before it was paid.
        var cancelled = lines.Where(l => paid == 0 || ShopJson.Text(l, "restock_type") == Cancel).ToList();
        var returned = lines.Except(cancelled).ToList();
        var charges = ShopJson.Objects(refund, "order_adjustments").Where(a => ShopJson.Text(a, "kind") == "shipping_refund").Sum(a => Math.Abs(ShopJson.Number(a, "amount") ?? 0));
        var amount = lines.Count == 0 ? paid : Math.Min(paid, returned.Sum(AmountOf) + charges);
        return new ShopRefund(ShopJson.DemandId(refund, "id"), orderId, ShopJson.DemandTime(refund, "processed_at", "created_at"), [.. cancelled.Select(ItemOf)], [.. returned.Select(ItemOf)], amount);
    }

    private static ItemQuantity ItemOf(JsonElement line) => new(CodeOf(ShopJson.Object(line, "line_item")), QuantityOf(line));

    private static decimal AmountOf(JsonElement line) => ShopJson.Number(line, "subtotal") ?? (ShopJson.Number(ShopJson.Object(line, "line_item"), "price") ?? 0) * QuantityOf(line);

    private static long QuantityOf(JsonElement line) => (long)Math.Clamp(ShopJson.Number(line, "quantity") ?? 1, 0, int.MaxValue);

    private static ShopParcel ParcelOf(JsonElement parcel, string orderId)
    {
        var changed = ShopJson.DemandTime(parcel, "updated_at", "created_at");
        return new ShopParcel(ShopJson.DemandId(parcel, "id"), orderId, ShopJson.DemandTime(parcel, "created_at", "updated_at"), changed, ShopJson.Id(parcel, "tracking_company"), ShopJson.Id(parcel, "tracking_number"),
            [.. ShopJson.Objects(parcel, "line_items").Select(l => new ItemQuantity(CodeOf(l), QuantityOf(l)))], ShopJson.Text(parcel, "status") is "cancelled" or "error" or "failure",
            ShopJson.Text(parcel, "shipment_status") == "delivered" ? changed : null);
    }

    private SaidProduct VariantOf(JsonElement product, JsonElement variant)
    {
        var (title, option) = (ShopJson.Text(product, "title"), ShopJson.Text(variant, "title"));
        var facts = new ProductFacts { Stock = StockOf(variant) };
        facts = title is null ? facts : facts with { Name = option is null or NoOptions ? title : $"{title} - {option}" };
        facts = ShopJson.Text(product, "vendor") is { } brand ? facts with { Brand = brand } : facts;
        facts = ShopJson.Text(product, "product_type") is { } category ? facts with { Category = category } : facts;
        facts = ShopJson.Number(variant, "price") is { } price and >= 0 ? facts with { Price = Money.From(price, storefront.Currency) } : facts;
        facts = ShopJson.Text(product, "status") is { } status ? facts with { Active = status == "active" } : facts;
        facts = ShopJson.Time(product, "published_at") is { } since ? facts with { AvailableSince = DateOnly.FromDateTime(since.UtcDateTime) } : facts;
        facts = ImageOf(product, variant) is { } image ? facts with { ImageUrl = image } : facts;
        facts = storefront.Domain is { } domain && ShopJson.Text(product, "handle") is { } handle ? facts with { PageUrl = $"https://{domain}/products/{Uri.EscapeDataString(handle)}" } : facts;
        return new SaidProduct(ShopJson.Id(variant, "sku") ?? ShopJson.DemandId(variant, "id"), facts);
    }

    /// <summary>That of the variant, else the first one.</summary>
    private static string? ImageOf(JsonElement product, JsonElement variant)
    {
        var images = ShopJson.Objects(product, "images");
        var chosen = ShopJson.Id(variant, "image_id") is { } id ? images.FirstOrDefault(i => ShopJson.Id(i, "id") == id) : default;
        return new[] { chosen, images.Count > 0 ? images[0] : default, ShopJson.Object(product, "image") }.Select(i => ShopJson.Text(i, "src")).FirstOrDefault(src => src?.StartsWith("https://", StringComparison.Ordinal) == true);
    }

    /// <summary>Null where nobody counts it, or it is sold on without any.</summary>
    private static long? StockOf(JsonElement variant) =>
        ShopJson.Text(variant, "inventory_management") is null || ShopJson.Number(variant, "inventory_quantity") is not { } pieces ? null
            : pieces > 0 ? (long)pieces : ShopJson.Text(variant, "inventory_policy") == "continue" ? null : 0;
}
