using System.Text.Json;
using Wellmet.Customers.Contract;

namespace Wellmet.Commerce.ShopEvents;

/// <summary>
/// Reads properties whatever the dialect: names are compared without case, underscores and spaces (<c>order_id</c>, <c>orderId</c>), and the
/// first of several names that holds something counts.
/// </summary>
internal static class ToldValues
{
    private const int LongestCode = 100, LongestName = 500;

    /// <summary>A code or number of the shop; null where there is none or it is longer than one may be.</summary>
    public static string? Code(JsonElement from, params ReadOnlySpan<string> names) => Text(from, names) is { Length: <= LongestCode } text ? text : null;

    /// <summary>A name, cut where it is too long.</summary>
    public static string Name(JsonElement from, params ReadOnlySpan<string> names) =>
        Text(from, names) is { } text ? text.Length <= LongestName ? text : text[..LongestName] : "";

    public static decimal? Number(JsonElement from, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Find(from, name) is { } found && EventProperties.NumberOf(from, found) is { } number)
            {
                return number;
            }
        }
        return null;
    }

    /// <summary>The products of an order or basket, as Segment (<c>products</c>) or Google Analytics (<c>items</c>) writes them.</summary>
    public static IEnumerable<JsonElement> Products(EventProperties properties) =>
        properties.Objects("products") is var products && products.Any() ? products : properties.Objects("items");

    /// <summary>The code of the product that an object is about.</summary>
    public static string? ProductCode(JsonElement product) => Code(product, "sku", "product_id", "item_id");

    private static string? Text(JsonElement from, ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Find(from, name) is { } found && EventProperties.TextOf(from, found)?.Trim() is { Length: > 0 } text)
            {
                return text;
            }
        }
        return null;
    }

    private static string? Find(JsonElement from, string name)
    {
        if (from.TryGetProperty(name, out _))
        {
            return name;
        }
        var wanted = Normal(name);
        return from.EnumerateObject().Where(p => Normal(p.Name) == wanted).Select(p => p.Name).FirstOrDefault();
    }

    private static string Normal(string name) => name.Replace("_", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
}
