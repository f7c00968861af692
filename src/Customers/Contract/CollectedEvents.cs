using System.Text.Json;
using System.Text.Json.Serialization;
using Wellmet.Platform.Log;

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
/// A page view, or an event that only the shop itself understands. Events of the e-commerce specification are <see cref="ShopEventCollected"/>.
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

/// <summary>
/// An event of the e-commerce specification (Segment v2), whatever dialect it came in. Commerce makes orders, views and baskets of it and
/// tells them on the timeline.
/// </summary>
/// <param name="Name">As Segment v2 writes it, e.g. <c>Order Completed</c>.</param>
public sealed record ShopEventCollected(Guid SubjectId, DateTimeOffset OccurredAt, string Name, CollectedFacts Source) : ILogEvent;

/// <summary>Where a collected event came from, and what it said.</summary>
/// <param name="SourceId">The key under which it came.</param>
/// <param name="StorefrontId">The storefront of the key; null for the first one.</param>
/// <param name="Trusted">It came from the shop's own server, or with its signature; false for what any browser may claim.</param>
/// <param name="Anonymous">Nobody is known behind the subject.</param>
/// <param name="Properties">What may stand in clear: names of the specification, without anything that looks like a person.</param>
/// <param name="Sealed">Everything else, sealed under the subject's key (base64); null where there is nothing.</param>
public sealed record CollectedFacts(
    Guid SourceId, Guid? StorefrontId, string MessageId, bool Trusted, bool Anonymous, EventProperties Properties, string? Sealed);

/// <summary>A JSON object, read where it is needed.</summary>
[JsonConverter(typeof(EventPropertiesJson))]
public sealed record EventProperties(string Json)
{
    public static readonly EventProperties None = new("{}");
    private JsonElement? parsed;

    public JsonElement Root => parsed ??= JsonElement.Parse(Json);

    /// <summary>A text or a number as text; null where there is none.</summary>
    public string? Text(string name) => TextOf(Root, name);

    /// <summary>A number, also one written as text; null where there is none.</summary>
    public decimal? Number(string name) => NumberOf(Root, name);

    /// <summary>The objects of an array; empty where there is none.</summary>
    public IEnumerable<JsonElement> Objects(string name) =>
        Root.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Object) : [];

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
