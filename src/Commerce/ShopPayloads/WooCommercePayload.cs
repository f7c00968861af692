using System.Text.Json;
using System.Text.RegularExpressions;
using Wellmet.Commerce.Catalog;
using Wellmet.Commerce.Connectors;
using Wellmet.Commerce.Orders;
using Wellmet.Commerce.Storefronts;
using Wellmet.Platform;

namespace Wellmet.Commerce.ShopPayloads;

/// <summary>Reads what WooCommerce sends: resources of its REST API, version 3. Prices are without tax there.</summary>
internal sealed partial class WooCommercePayload(Connection connection, Storefront storefront) : IShopPayload
{
    public ShopOrder? Order(JsonElement order, out string? ignored)
    {
        var status = ShopJson.Text(order, "status");
        ignored = status is null or "pending" or "checkout-draft" or "auto-draft" or "draft" or "trash" ? "order_not_placed" : null;
        if (ignored is not null)
        {
            return null;
        }
        var id = ShopJson.DemandId(order, "id");
        var changed = ShopJson.DemandTime(order, "date_modified_gmt", "date_created_gmt");
        var lines = ShopJson.Objects(order, "line_items");
        return new ShopOrder(id, ShopJson.Id(order, "number") ?? id, ShopJson.DemandTime(order, "date_created_gmt", "date_modified_gmt"), changed, ShopJson.DemandCurrency(order), PersonOf(order, changed),
            [.. lines.Select(LineOf)], lines.Count == 0 ? null : lines.Sum(l => ShopJson.Number(l, "total") ?? 0), Sum(order, "shipping_lines") + Math.Max(0, Sum(order, "fee_lines")))
        {
            Country = ShopJson.Country(ShopJson.Object(order, "shipping"), "country") ?? ShopJson.Country(ShopJson.Object(order, "billing"), "country"),
            CancelledAt = status is "cancelled" or "failed" ? changed : null,
            Refunds = [.. ShopJson.Objects(order, "refunds").Select(r => RefundOf(r, id, changed)).OrderBy(r => r.At).ThenBy(r => r.ExternalId, StringComparer.Ordinal)],
            // There are no parcels in WooCommerce: an order is complete once everything was sent.
            Parcels = status == "completed" && (ShopJson.Time(order, "date_completed_gmt") ?? changed) is var sent
                ? [new ShopParcel("completed-" + id, id, sent, sent, null, null, [.. lines.Select(l => new ItemQuantity(CodeOf(l), QuantityOf(l)))], false, null)] : [],
        };
    }

    public ShopRefund Refund(JsonElement payload) => throw Unknown();

    public ShopParcel Parcel(JsonElement payload) => throw Unknown();

    public ShopPerson Customer(JsonElement customer)
    {
        var billing = ShopJson.Object(customer, "billing");
        return new ShopPerson(connection.CustomerNumber(ShopJson.DemandId(customer, "id")), ShopJson.Personal(customer, "email") ?? ShopJson.Personal(billing, "email"), ShopJson.Personal(billing, "phone"),
            ShopJson.FullName(customer) ?? ShopJson.FullName(billing), ShopJson.Country(billing, "country"), null, ShopJson.DemandTime(customer, "date_modified_gmt", "date_created_gmt"));
    }

    public ShopProduct? Product(JsonElement product)
    {
        var id = ShopJson.DemandId(product, "id");
        // Variations come by themselves; what holds them together is not sold.
        return ShopJson.Text(product, "type") is "variable" or "grouped" ? null
            : new ShopProduct(id, ShopJson.DemandTime(product, "date_modified_gmt", "date_created_gmt"), [new SaidProduct(ShopJson.Id(product, "sku") ?? id, FactsOf(product))]);
    }

    public string ProductId(JsonElement payload) => ShopJson.DemandId(payload, "id");

    public ShopPerson About(JsonElement payload) => throw Unknown();

    private static ProblemException Unknown() => new("topic_unknown", "WooCommerce sends no such thing.", 422);

    private ShopPerson PersonOf(JsonElement order, DateTimeOffset changed)
    {
        var billing = ShopJson.Object(order, "billing");
        return new ShopPerson(ShopJson.Id(order, "customer_id") is { } id ? connection.CustomerNumber(id) : null, ShopJson.Personal(billing, "email"), ShopJson.Personal(billing, "phone"),
            ShopJson.FullName(billing), ShopJson.Country(billing, "country"), null, changed);
    }

    /// <summary>
    /// In an order a refund is an id and a sum; as a resource of its own (which plug-ins put there) it names what came back, with quantities below zero, and when.
    /// </summary>
    private static ShopRefund RefundOf(JsonElement refund, string orderId, DateTimeOffset changed) => new(ShopJson.DemandId(refund, "id"), orderId, ShopJson.Time(refund, "date_created_gmt") ?? changed, [],
        [.. ShopJson.Objects(refund, "line_items").Select(l => new ItemQuantity(CodeOf(l), QuantityOf(l))).Where(i => i.Quantity > 0)], Math.Abs(ShopJson.Number(refund, "amount") ?? ShopJson.Number(refund, "total") ?? 0));

    private static string CodeOf(JsonElement line) => ShopJson.Id(line, "sku") ?? ShopJson.Id(line, "variation_id") ?? ShopJson.Id(line, "product_id") ?? ShopJson.Id(line, "name") ?? "ITEM";

    private static long QuantityOf(JsonElement line) => (long)Math.Clamp(Math.Abs(ShopJson.Number(line, "quantity") ?? 0), 0, int.MaxValue);

    private static ShopLine LineOf(JsonElement line)
    {
        var quantity = ShopJson.Number(line, "quantity") ?? 1;
        var price = quantity != 0 && ShopJson.Number(line, "subtotal") is { } before ? before / quantity : ShopJson.Number(line, "price") ?? 0;
        return new ShopLine(CodeOf(line), ShopJson.Text(line, "name") ?? "", quantity, price);
    }

    private static decimal Sum(JsonElement order, string lines) => ShopJson.Objects(order, lines).Sum(l => ShopJson.Number(l, "total") ?? 0);

    private ProductFacts FactsOf(JsonElement product)
    {
        var facts = new ProductFacts { Stock = StockOf(product), Active = ShopJson.Text(product, "status") is null or "publish" };
        facts = ShopJson.Text(product, "name") is { } name ? facts with { Name = name } : facts;
        facts = ShopJson.Objects(product, "categories") is [var first, ..] && ShopJson.Text(first, "name") is { } category ? facts with { Category = category } : facts;
        facts = ShopJson.Objects(product, "brands") is [var maker, ..] && ShopJson.Text(maker, "name") is { } brand ? facts with { Brand = brand } : facts;
        facts = (ShopJson.Number(product, "regular_price") ?? ShopJson.Number(product, "price")) is { } price and >= 0 ? facts with { Price = Money.From(price, storefront.Currency) } : facts;
        facts = Https(ShopJson.Text(product, "permalink")) is { } page ? facts with { PageUrl = page } : facts;
        return ShopJson.Objects(product, "images") is [var image, ..] && Https(ShopJson.Text(image, "src")) is { } picture ? facts with { ImageUrl = picture } : facts;
    }

    private static string? Https(string? address) => address is not null && Secure().IsMatch(address) ? address : null;

    /// <summary>Null where nobody counts it, or it is sold on without any.</summary>
    private static long? StockOf(JsonElement product)
    {
        var status = ShopJson.Text(product, "stock_status");
        return status == "outofstock" ? 0 : status != "onbackorder" && ShopJson.Truth(product, "manage_stock") == true && ShopJson.Number(product, "stock_quantity") is { } pieces and > 0 ? (long)pieces : null;
    }

    [GeneratedRegex("^https://[^/@]+(/|$)", RegexOptions.None, 1000)]
    private static partial Regex Secure();
}
