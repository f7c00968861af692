using System.Text.Json;
using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;

namespace Wellmet.Commerce.ShopEvents;

/// <summary>Reads properties of shop events within the limits of what is kept.</summary>
internal static class ToldValues
{
    private const int LongestCode = 100, LongestName = 500;
    private const decimal Largest = 1e12m;

    /// <summary>A code or number of the shop; null where there is none or it is longer than one may be.</summary>
    public static string? Code(JsonElement from, params ReadOnlySpan<string> names) => EventProperties.TextIn(from, names) is { Length: <= LongestCode } text ? text : null;

    /// <summary>A name, cut where it is too long.</summary>
    public static string Name(JsonElement from, params ReadOnlySpan<string> names) =>
        EventProperties.TextIn(from, names) is { } text ? text.Length <= LongestName ? text : text[..(LongestName - (char.IsHighSurrogate(text[LongestName - 1]) ? 1 : 0))] : "";

    /// <summary>A number that may be money or a quantity; null for one beyond all measure, too.</summary>
    public static decimal? Number(JsonElement from, params ReadOnlySpan<string> names) => EventProperties.NumberIn(from, names) is { } number && Math.Abs(number) < Largest ? number : null;

    /// <summary>The products of an order or basket, as Segment (<c>products</c>) or Google Analytics (<c>items</c>) writes them.</summary>
    public static IEnumerable<JsonElement> Products(EventProperties properties) => EventProperties.ObjectsIn(properties.Root, "products", "items");

    /// <summary>The code of the product that an object is about.</summary>
    public static string? ProductCode(JsonElement product) => ProductSignal.CodeOf(product) is { Length: <= LongestCode } code ? code : null;
}
