using System.Text.Json;

namespace Wellmet.Customers.Collection;

/// <summary>
/// What is kept of an event's context: the page, the campaign, the kind of device, the library, language and time zone. Never the address of the
/// machine, and of the browser's name no more than the kind of device.
/// </summary>
internal static class EventContext
{
    private static readonly string[] PageFields = ["path", "referrer", "search", "title", "url"];
    private static readonly string[] CampaignFields = ["name", "source", "medium", "term", "content", "id"];

    /// <summary>The properties with the context's part under <c>campaign</c>, <c>device</c>, <c>locale</c>, <c>timezone</c>, <c>library</c>; the event's own context goes before the batch's.</summary>
    public static JsonElement Merge(JsonElement properties, JsonElement batch, JsonElement body)
    {
        var own = CallReader.Object(body, "context");
        if (own.GetPropertyCount() == 0 && (batch.ValueKind != JsonValueKind.Object || batch.GetPropertyCount() == 0))
        {
            return properties;
        }
        var text = new JsonObjectText();
        foreach (var property in properties.EnumerateObject())
        {
            property.WriteTo(text.Writer);
        }
        var page = Either(own, batch, "page");
        foreach (var field in PageFields.Where(f => !properties.TryGetProperty(f, out _)))
        {
            WriteText(text.Writer, field, CallReader.Text(page, field));
        }
        if (!properties.TryGetProperty("campaign", out _))
        {
            WriteCampaign(text.Writer, Either(own, batch, "campaign"));
        }
        if (!properties.TryGetProperty("device", out _))
        {
            WriteText(text.Writer, "device", Device(CallReader.Text(own, "userAgent") ?? CallReader.Text(batch, "userAgent")));
        }
        foreach (var field in new[] { "locale", "timezone" }.Where(f => !properties.TryGetProperty(f, out _)))
        {
            WriteText(text.Writer, field, CallReader.Text(own, field) ?? CallReader.Text(batch, field));
        }
        return JsonElement.Parse(text.Finish(out _));
    }

    private static void WriteCampaign(Utf8JsonWriter writer, JsonElement campaign)
    {
        if (campaign.GetPropertyCount() == 0)
        {
            return;
        }
        writer.WriteStartObject("campaign");
        foreach (var field in CampaignFields)
        {
            WriteText(writer, field, CallReader.Text(campaign, field));
        }
        writer.WriteEndObject();
    }

    private static JsonElement Either(JsonElement own, JsonElement batch, string name)
    {
        var first = CallReader.Object(own, name);
        return first.GetPropertyCount() > 0 ? first : CallReader.Object(batch, name);
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            writer.WriteString(name, value);
        }
    }

    /// <summary>Which kind of device the browser's name tells of, by the words that all of them share.</summary>
    private static string? Device(string? userAgent) => userAgent switch
    {
        null => null,
        _ when Has(userAgent, "bot", "crawler", "spider") => "bot",
        _ when Has(userAgent, "iPad", "Tablet") || (Has(userAgent, "Android") && !Has(userAgent, "Mobile")) => "tablet",
        _ when Has(userAgent, "Mobi", "iPhone") => "mobile",
        _ => "desktop",
    };

    private static bool Has(string text, params string[] words) => words.Any(w => text.Contains(w, StringComparison.OrdinalIgnoreCase));
}
