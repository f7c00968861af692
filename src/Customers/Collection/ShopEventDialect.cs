using System.Text.Json;
using Wellmet.Customers.Contract;

namespace Wellmet.Customers.Collection;

/// <summary>
/// Turns properties of Google Analytics 4 into those of Segment's specification where the two differ: it names the one product that was looked at as the first of <c>items</c>, and what was searched for as
/// <c>search_term</c>. What is said in Segment's words stays.
/// </summary>
internal static class ShopEventDialect
{
    private static readonly string[] Codes = ["sku", "product_id", "item_id"];

    /// <param name="name">As it was sent.</param>
    public static JsonElement Translate(string name, JsonElement properties) => ShopEventNames.Of(name) switch
    {
        "Product Viewed" or "Product Clicked" or "Product Added" or "Product Removed" or "Product Added to Wishlist" or "Product Removed from Wishlist"
            when EventProperties.TextIn(properties, Codes) is null && EventProperties.ObjectsIn(properties, "items", "products").FirstOrDefault() is { ValueKind: JsonValueKind.Object } first => With(properties, first.EnumerateObject().Select(p => (p.Name, p.Value))),
        "Products Searched" when EventProperties.TextIn(properties, "query") is null && properties.TryGetProperty("search_term", out var term) => With(properties, [("query", term)]),
        _ => properties,
    };

    /// <summary>What is there already is not replaced.</summary>
    private static JsonElement With(JsonElement properties, IEnumerable<(string Name, JsonElement Value)> more)
    {
        var text = new JsonObjectText();
        foreach (var property in properties.EnumerateObject())
        {
            property.WriteTo(text.Writer);
        }
        foreach (var (name, value) in more.Where(m => !properties.TryGetProperty(m.Name, out _)).DistinctBy(m => m.Name))
        {
            text.Writer.WritePropertyName(name);
            value.WriteTo(text.Writer);
        }
        return JsonElement.Parse(text.Finish(out _));
    }
}
