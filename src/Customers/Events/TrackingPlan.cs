using System.Collections.Frozen;
using System.Text.Json;
using Wellmet.Customers.Collection;
using Wellmet.Customers.Contract;

namespace Wellmet.Customers.Events;

/// <summary>A property of an event that is not as the specification wants it.</summary>
/// <param name="Problem">Code: <c>property_missing</c>, <c>property_no_number</c>, <c>currency_unknown</c>, <c>order_change_untrusted</c>.</param>
/// <param name="Property">As the specification writes it, e.g. <c>products[].price</c>.</param>
public readonly record struct PlanBreach(string Problem, string Property);

/// <summary>
/// What Segment's e-commerce specification (v2) demands of its events, as far as something follows from it here. An event that breaks it is
/// kept all the same: it is shown to whoever connects the shop.
/// </summary>
internal static class TrackingPlan
{
    private static readonly string[] Code = ["product_id", "sku", "item_id"], OrderId = ["order_id", "order_number", "transaction_id"];

    private static readonly FrozenDictionary<string, Action<Check>> Rules = new Dictionary<string, Action<Check>>
    {
        ["Products Searched"] = c => c.Demand("query", "query", "search", "search_term"),
        ["Product Viewed"] = Product,
        ["Product Clicked"] = Product,
        ["Product Added"] = Product,
        ["Product Removed"] = Product,
        ["Product Added to Wishlist"] = Product,
        ["Product Removed from Wishlist"] = Product,
        ["Order Completed"] = Order,
        ["Order Updated"] = Order,
        ["Order Refunded"] = c => c.Demand("order_id", OrderId),
        ["Order Cancelled"] = c => c.Demand("order_id", OrderId),
    }.ToFrozenDictionary();

    public static IReadOnlyList<PlanBreach> Breaches(IncomingEvent e)
    {
        if (e.Type is not CallType.Track || ShopEventNames.Of(e.Name) is not { } name || !Rules.TryGetValue(name, out var rule))
        {
            return [];
        }
        var check = new Check(e.Properties.Root);
        rule(check);
        if (!e.Source.Trusted && name is ("Order Updated" or "Order Refunded" or "Order Cancelled"))
        {
            check.Found.Add(new("order_change_untrusted", ""));
        }
        return check.Found;
    }

    private static void Product(Check check)
    {
        check.Demand("product_id", Code);
        check.DemandNumber("price", "price");
        check.DemandNumber("quantity", "quantity");
    }

    private static void Order(Check check)
    {
        check.Demand("order_id", OrderId);
        check.DemandCurrency();
        var products = EventProperties.ObjectsIn(check.Of, "products", "items").ToList();
        if (products.Count == 0)
        {
            check.Found.Add(new("property_missing", "products"));
        }
        foreach (var product in products.Select(p => new Check(p)))
        {
            Product(product);
            product.Demand("price", "price");
            check.Found.AddRange(product.Found.Select(f => f with { Property = $"products[].{f.Property}" }).Except(check.Found));
        }
    }

    private sealed record Check(JsonElement Of)
    {
        public List<PlanBreach> Found { get; } = [];

        public void Demand(string property, params ReadOnlySpan<string> names)
        {
            if (EventProperties.TextIn(Of, names) is null)
            {
                Found.Add(new("property_missing", property));
            }
        }

        public void DemandNumber(string property, params ReadOnlySpan<string> names)
        {
            if (EventProperties.TextIn(Of, names) is not null && EventProperties.NumberIn(Of, names) is null)
            {
                Found.Add(new("property_no_number", property));
            }
        }

        public void DemandCurrency()
        {
            if (EventProperties.TextIn(Of, "currency") is not { } currency)
            {
                Found.Add(new("property_missing", "currency"));
            }
            else if (currency.Length != 3 || !currency.All(char.IsAsciiLetter))
            {
                Found.Add(new("currency_unknown", "currency"));
            }
        }
    }
}
