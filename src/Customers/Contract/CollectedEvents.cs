using System.Text.Json;
using System.Text.Json.Serialization;
using Wellmet.Platform.Log;
using Wellmet.Platform.Purposes;

namespace Wellmet.Customers.Contract;

/// <summary>What a shop's page or program told, by the Segment specification.</summary>
public enum CollectedKind
{
    Track,
    Page,
    Screen,
    Group,
}

/// <summary>
/// A page view, or an event that only the shop itself understands. Events of the e-commerce specification are <see cref="ShopEventCollected"/>
/// and <see cref="OrderEventCollected"/>.
/// </summary>
/// <param name="Name">Name of the event or of the page; empty where it has none.</param>
/// <param name="Source">Whom it came from and what it said.</param>
public sealed record EventCollected(Guid SubjectId, DateTimeOffset OccurredAt, CollectedKind Kind, string Name, CollectedFacts Source) : ITimelineEntry
{
    public TimelineText Describe() => Kind switch
    {
        CollectedKind.Page or CollectedKind.Screen => new("visit", "Looked at {0}", [Place]),
        CollectedKind.Group => new("profile", "Joined the group {0}", [Name]),
        _ => new("visit", "{0}", [Name]),
    };

    private string Place => Source.Properties.Text("path") ?? (Name.Length > 0 ? Name : Source.Properties.Text("url") ?? "?");
}

/// <summary>What somebody did in a shop before ordering, by the e-commerce specification (Segment v2), whatever dialect it came in.</summary>
/// <param name="Name">As Segment v2 writes it, e.g. <c>Product Viewed</c>.</param>
public sealed record ShopEventCollected(Guid SubjectId, DateTimeOffset OccurredAt, string Name, CollectedFacts Source) : ITimelineEntry
{
    public TimelineText Describe() => Name switch
    {
        "Products Searched" => Of("Searched for {0}", "query", "search"),
        "Product List Viewed" => Of("Looked through {0}", "category", "list_name", "item_list_name", "list_id", "item_list_id"),
        "Product Viewed" => Product("Looked at {0}"),
        "Product Clicked" => Product("Clicked on {0}"),
        "Product Added" => Product("Put {0} into the basket"),
        "Product Removed" => Product("Took {0} out of the basket"),
        "Cart Viewed" => new("visit", "Looked at the basket", []),
        "Checkout Started" => new("visit", "Started the checkout", []),
        "Product Added to Wishlist" => Product("Put {0} on the wish list"),
        "Product Removed from Wishlist" => Product("Took {0} off the wish list"),
        "Product Shared" => Product("Shared {0}"),
        "Product Reviewed" => Product("Reviewed {0}"),
        "Coupon Applied" => Of("Used the coupon {0}", "coupon_name", "coupon", "coupon_id"),
        _ => new("visit", "{0}", [Name]),
    };

    private TimelineText Product(string text) => Of(text, "name", "item_name", "sku", "product_id", "item_id");

    private TimelineText Of(string text, params ReadOnlySpan<string> properties)
    {
        foreach (var property in properties)
        {
            if (Source.Properties.Text(property) is { } value)
            {
                return new("visit", text, [value]);
            }
        }
        return new("visit", "{0}", [Name]);
    }
}

/// <summary>
/// What became of an order, by the e-commerce specification. Commerce makes an order of it, or changes one, and tells that; this is not shown
/// by itself.
/// </summary>
/// <param name="Name"><c>Order Completed</c>, <c>Order Updated</c>, <c>Order Refunded</c> or <c>Order Cancelled</c>.</param>
public sealed record OrderEventCollected(Guid SubjectId, DateTimeOffset OccurredAt, string Name, CollectedFacts Source) : ILogEvent;

/// <summary>
/// A person's browser, or the banner of the shop, refuses the use of their data. Told once for each minute in which it was said, with the end of that minute
/// as its time: so the order in which calls come changes nothing.
/// </summary>
public sealed record PrivacySignalled(Guid SubjectId, DateTimeOffset OccurredAt, IReadOnlyList<Purpose> Refused) : ILogEvent
{
    /// <summary>The end of the minute.</summary>
    public static DateTimeOffset MinuteOf(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMinute) + TimeSpan.TicksPerMinute, TimeSpan.Zero);
}

/// <summary>Where a collected event came from, and what it said.</summary>
/// <param name="SourceId">The key under which it came.</param>
/// <param name="StorefrontId">The storefront of the key; null for the first one.</param>
/// <param name="Trusted">It came from the shop's own server, or with its signature; false for what any browser may claim.</param>
/// <param name="Anonymous">Nobody is known behind the subject.</param>
/// <param name="Properties">What may stand in clear: names of the specification, without anything that looks like a person.</param>
/// <param name="Sealed">Everything else, sealed under the subject's key (base64); null where there is nothing.</param>
public sealed record CollectedFacts(
    Guid SourceId, Guid? StorefrontId, string MessageId, bool Trusted, bool Anonymous, EventProperties Properties, string? Sealed)
{
    /// <summary>
    /// It came from the shop's own server. A page that can prove who looks at it is trusted in what it says of that person, and in nothing else.
    /// </summary>
    public bool FromServer { get; init; }
}

/// <summary>A JSON object, read where it is needed.</summary>
[JsonConverter(typeof(EventPropertiesJson))]
public sealed record EventProperties(string Json)
{
    public static readonly EventProperties None = new("{}");
    private Parsed? parsed;

    /// <summary>Read once, and then from any number of threads.</summary>
    public JsonElement Root => (parsed ??= new Parsed(JsonElement.Parse(Json))).Root;

    /// <summary>A reference is written whole, a <see cref="JsonElement"/> is not.</summary>
    private sealed record Parsed(JsonElement Root);

    /// <summary>A text or a number as text; null where there is none.</summary>
    public string? Text(string name) => TextOf(Root, name);

    /// <summary>A number, also one written as text; null where there is none.</summary>
    public decimal? Number(string name) => NumberOf(Root, name);

    /// <summary>
    /// The text under the first of these names that holds one, whatever the dialect: names are compared without case, underscores and
    /// spaces (<c>order_id</c>, <c>orderId</c>).
    /// </summary>
    public static string? TextIn(JsonElement element, params ReadOnlySpan<string> names) => FirstIn(element, names, static (e, n) => TextOf(e, n)?.Trim() is { Length: > 0 } text ? text : null);

    /// <summary>The number under the first of these names that holds one.</summary>
    public static decimal? NumberIn(JsonElement element, params ReadOnlySpan<string> names) => FirstIn(element, names, static (e, n) => NumberOf(e, n));

    /// <summary>The objects of the first of these arrays that holds any; empty where there is none.</summary>
    public static IEnumerable<JsonElement> ObjectsIn(JsonElement element, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (NameIn(element, name) is { } found && element.GetProperty(found) is { ValueKind: JsonValueKind.Array } list
                && list.EnumerateArray().Any(e => e.ValueKind == JsonValueKind.Object))
            {
                return list.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Object);
            }
        }
        return [];
    }

    /// <summary>How names are compared.</summary>
    public static string Normal(string name) => name.Replace("_", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();

    private static T? FirstIn<T>(JsonElement element, ReadOnlySpan<string> names, Func<JsonElement, string, T?> read)
    {
        foreach (var name in names)
        {
            if (NameIn(element, name) is { } found && read(element, found) is { } value)
            {
                return value;
            }
        }
        return default;
    }

    private static string? NameIn(JsonElement element, string name)
    {
        if (element.TryGetProperty(name, out _))
        {
            return name;
        }
        var wanted = Normal(name);
        return element.EnumerateObject().Where(p => Normal(p.Name) == wanted).Select(p => p.Name).FirstOrDefault();
    }

    public static string? TextOf(JsonElement element, string name) => !element.TryGetProperty(name, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() is { Length: > 0 } text ? text : null,
        JsonValueKind.Number => value.GetRawText(),
        _ => null,
    };

    public static decimal? NumberOf(JsonElement element, string name) =>
        decimal.TryParse(TextOf(element, name), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;

    public bool Equals(EventProperties? other) => other is not null && other.Json == Json;

    public override int GetHashCode() => Json.GetHashCode(StringComparison.Ordinal);
}

/// <summary>Writes the properties as the object they are.</summary>
public sealed class EventPropertiesJson : JsonConverter<EventProperties>
{
    public override EventProperties Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return new EventProperties(document.RootElement.GetRawText());
    }

    public override void Write(Utf8JsonWriter writer, EventProperties value, JsonSerializerOptions options) => writer.WriteRawValue(value.Json, skipInputValidation: true);
}
