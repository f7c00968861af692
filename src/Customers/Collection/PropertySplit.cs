using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Wellmet.Customers.Contract;

namespace Wellmet.Customers.Collection;

/// <summary>
/// Divides the properties of an event: what the specification names and what does not look like a person stays in clear, so that it can be
/// counted and chosen by; everything else is sealed under the subject's key. Addresses keep their campaign and lose the rest of their query.
/// </summary>
internal static partial class PropertySplit
{
    private static readonly FrozenSet<string> Clear = string.Join(' ',
        "affiliation brand cart_id category checkout_id color coupon coupon_id coupon_name creative currency depth discount image_url index item_brand item_category",
        "item_category2 item_category3 item_category4 item_category5 item_id item_list_id item_list_name item_name item_variant items keywords list list_id list_name",
        "locale name order_id order_number path payment_method position price product_id product_type products promotion_id promotion_name quantity query rating reason",
        "referrer revenue review_id screen search share_via shipping shipping_method shipping_tier size sku step subtotal tags tax title total transaction_id type url",
        "creative_name creative_slot location_id value variant wishlist_id wishlist_name dwell_ms filters sorts images stock available country campaign library device channel timezone groupId id source medium term content")
        .Split(' ').Select(Normal).ToFrozenSet();

    private static readonly FrozenSet<string> Addresses = new[] { "url", "referrer", "search", "imageurl" }.ToFrozenSet();
    private static readonly FrozenSet<string> Campaign = new[] { "gclid", "fbclid", "msclkid" }.ToFrozenSet();

    /// <param name="properties">A JSON object of bounded depth.</param>
    /// <param name="personal">What is to be sealed, as a JSON object; null where there is nothing.</param>
    public static EventProperties Divide(JsonElement properties, out string? personal)
    {
        var (clear, rest) = (new JsonObjectText(), new JsonObjectText());
        foreach (var property in Ordered(properties))
        {
            var known = Clear.Contains(Normal(property.Name)) && IsImpersonal(property.Name, property.Value);
            var target = known ? clear : rest;
            target.Writer.WritePropertyName(Clean(property.Name));
            Write(target.Writer, property.Name, property.Value, known);
        }
        personal = rest.Finish(out var count) is var text && count > 0 ? text : null;
        return new EventProperties(clear.Finish(out _));
    }

    /// <summary>JSON that both engines keep: no U+0000, no halves of surrogate pairs, no number that is none.</summary>
    public static string TextOf(JsonElement value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, JsonObjectText.Options))
        {
            Write(writer, "", value, known: false);
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Without control characters and halves of surrogate pairs.</summary>
    public static string Clean(string text) => text.AsSpan().ContainsAnyInRange('\0', '\u001f') || text.Any(char.IsSurrogate)
        ? string.Concat(text.EnumerateRunes().Where(r => !Rune.IsControl(r)))
        : text;

    /// <summary>Whether every name within is one of the specification and no text looks like an e-mail address or a phone number.</summary>
    private static bool IsImpersonal(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().All(p => Clear.Contains(Normal(p.Name)) && IsImpersonal(p.Name, p.Value)),
        JsonValueKind.Array => value.EnumerateArray().All(e => IsImpersonal(name, e)),
        JsonValueKind.String => !LooksPersonal(ClearText(name, StringOf(value))),
        _ => true,
    };

    private static bool LooksPersonal(string text) => text.Contains('@', StringComparison.Ordinal) || text.Contains("%40", StringComparison.Ordinal) || Phone().IsMatch(text);

    private static void Write(Utf8JsonWriter writer, string name, JsonElement value, bool known)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in Ordered(value))
                {
                    writer.WritePropertyName(Clean(property.Name));
                    Write(writer, property.Name, property.Value, known);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var element in value.EnumerateArray())
                {
                    Write(writer, name, element, known);
                }
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(Clean(known ? ClearText(name, StringOf(value)) : StringOf(value)));
                break;
            case JsonValueKind.Number when value.GetRawText().AsSpan().ContainsAny('e', 'E'):
                WritePower(writer, value);
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    /// <summary>In the order in which PostgreSQL keeps them (<c>jsonb</c>), so that an event says the same wherever it is read: shorter names first.</summary>
    private static IEnumerable<JsonProperty> Ordered(JsonElement value) => value.EnumerateObject().OrderBy(p => Encoding.UTF8.GetByteCount(p.Name)).ThenBy(p => p.Name, StringComparer.Ordinal);

    /// <summary>Powers of ten are written out. Those that no engine keeps: what is too large stands as text, what is too small is zero.</summary>
    private static void WritePower(Utf8JsonWriter writer, JsonElement value)
    {
        if (value.TryGetDecimal(out var exact))
        {
            writer.WriteNumberValue(exact);
        }
        else if (double.TryParse(value.GetRawText(), CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteStringValue(value.GetRawText());
        }
    }

    /// <summary>A text may hold an escaped half of a surrogate pair, which .NET does not hand out; the whole text is replaced as UTF-8 would.</summary>
    private static string StringOf(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return "\ufffd";
        }
    }

    private static string ClearText(string name, string text) => Addresses.Contains(Normal(name)) ? WithoutQuery(text) : text;

    private static string WithoutQuery(string address)
    {
        var start = address.IndexOfAny(['?', '#']);
        if (start < 0)
        {
            return address;
        }
        var query = address[(start + 1)..].Split('#')[0].Split('&')
            .Where(p => p.StartsWith("utm_", StringComparison.Ordinal) || Campaign.Contains(p.Split('=')[0])).ToList();
        return address[..start] + (query.Count == 0 ? "" : "?" + string.Join('&', query));
    }

    private static string Normal(string name) => EventProperties.Normal(name);

    // No time limit: it reads the text once, and a limit in wall-clock time breaks on a busy machine.
    [GeneratedRegex(@"^\s*(\+|00)[1-9][\d\s().\-/]{7,}$", RegexOptions.None, -1)]
    private static partial Regex Phone();
}

/// <summary>A JSON object while it is written.</summary>
internal sealed class JsonObjectText
{
    public static readonly JsonWriterOptions Options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private readonly ArrayBufferWriter<byte> buffer = new();

    public JsonObjectText()
    {
        Writer = new Utf8JsonWriter(buffer, Options);
        Writer.WriteStartObject();
    }

    public Utf8JsonWriter Writer { get; }

    /// <param name="length">Zero where nothing was written into it.</param>
    public string Finish(out int length)
    {
        Writer.WriteEndObject();
        Writer.Flush();
        length = buffer.WrittenCount - 2;
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
