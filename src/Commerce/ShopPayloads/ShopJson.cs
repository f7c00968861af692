using System.Globalization;
using System.Text.Json;
using Wellmet.Customers.Contract;
using Wellmet.Platform;

namespace Wellmet.Commerce.ShopPayloads;

/// <summary>Reads values of a shop's payload within the limits of what is kept.</summary>
internal static class ShopJson
{
    private const int LongestId = 100, LongestName = 500, MostItems = 2500, LongestCurrency = 3, Depth = 32;
    private const decimal Largest = 1e12m;

    private static readonly DateTimeOffset Earliest = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero), Latest = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = Depth };

    /// <exception cref="ProblemException"><c>payload_invalid</c> (422): not one JSON object.</exception>
    public static JsonElement Parse(string body) => Parse(body, JsonValueKind.Object);

    /// <exception cref="ProblemException"><c>payload_invalid</c> (422): not one JSON value of these kinds, or nested deeper than 32.</exception>
    public static JsonElement Parse(string body, params ReadOnlySpan<JsonValueKind> kinds)
    {
        try
        {
            if (JsonElement.Parse(body, Strict) is var payload && kinds.Contains(payload.ValueKind))
            {
                return payload;
            }
        }
        catch (JsonException)
        {
            // Said below: where it broke off helps nobody who cannot change it.
        }
        throw new ProblemException("payload_invalid", "The content is not one JSON object.", 422);
    }

    /// <summary>Trimmed, without control characters; null where there is none, or it is longer than a name may be.</summary>
    public static string? Text(JsonElement from, string name) => from.ValueKind == JsonValueKind.Object && Clean(EventProperties.TextOf(from, name)) is { Length: <= LongestName } clean ? clean : null;

    /// <summary>Trimmed, without control characters; null where nothing is left.</summary>
    public static string? Clean(string? text) => text is not null && string.Concat(text.Where(c => !char.IsControl(c))).Trim() is { Length: > 0 } clean ? clean : null;

    /// <summary>An id or a number of the shop.</summary>
    public static string? Id(JsonElement from, string name) => Text(from, name) is { Length: <= LongestId } id && id != "0" ? id : null;

    /// <exception cref="ProblemException"><c>payload_incomplete</c> (422).</exception>
    public static string DemandId(JsonElement from, string name) => Id(from, name) ?? throw Incomplete(name);

    /// <summary>An address, name or number of a person.</summary>
    public static string? Personal(JsonElement from, string name) => Text(from, name) is { Length: <= PersonClaim.MaxLength } text ? text : null;

    public static decimal? Number(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && EventProperties.NumberOf(from, name) is { } number && Math.Abs(number) < Largest ? number : null;

    /// <summary>UTC where it names no zone. Null where there is none, or it cannot be.</summary>
    public static DateTimeOffset? Time(JsonElement from, string name) =>
        DateTimeOffset.TryParse(Text(from, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) && at > Earliest && at < Latest ? at : null;

    /// <exception cref="ProblemException"><c>payload_incomplete</c> (422).</exception>
    public static DateTimeOffset DemandTime(JsonElement from, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Time(from, name) is { } at)
            {
                return at;
            }
        }
        throw Incomplete(names[0]);
    }

    public static bool? Truth(JsonElement from, string name) => from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var value)
        ? value.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null } : null;

    /// <summary>An empty object where there is none.</summary>
    public static JsonElement Object(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : default;

    /// <exception cref="ProblemException"><c>payload_large</c> (422).</exception>
    public static IReadOnlyList<JsonElement> Objects(JsonElement from, string name)
    {
        if (from.ValueKind != JsonValueKind.Object || !from.TryGetProperty(name, out var list) || list.ValueKind != JsonValueKind.Array)
        {
            return [];
        }
        return list.GetArrayLength() <= MostItems ? [.. list.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Object)]
            : throw new ProblemException("payload_large", "At most {0} lines or variants are taken of one thing.", 422, MostItems);
    }

    /// <exception cref="ProblemException"><c>payload_incomplete</c> (422).</exception>
    public static string DemandCurrency(JsonElement from) =>
        Text(from, "currency")?.ToUpperInvariant() is { Length: LongestCurrency } code && code.All(char.IsAsciiLetterUpper) ? code : throw Incomplete("currency");

    /// <summary>ISO 3166 alpha-2.</summary>
    public static string? Country(JsonElement address, string name) => Text(address, name) is { Length: 2 } code && code.All(char.IsAsciiLetter) ? code.ToUpperInvariant() : null;

    public static string? FullName(JsonElement from, string first = "first_name", string last = "last_name") =>
        string.Join(' ', new[] { Personal(from, first), Personal(from, last) }.OfType<string>()) is { Length: > 0 and <= PersonClaim.MaxLength } name ? name : null;

    private static ProblemException Incomplete(string name) => new("payload_incomplete", "The content has no usable {0}.", 422, name);
}
