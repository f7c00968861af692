using System.Text.Json;

namespace Wellmet.Customers.Collection;

/// <summary>Reads the traits of an <c>identify</c> call: names in snake_case, whatever the library writes.</summary>
internal static class Traits
{
    public static IReadOnlyList<Trait> Of(JsonElement traits)
    {
        var read = new Dictionary<string, Trait>(StringComparer.Ordinal);
        foreach (var property in traits.EnumerateObject())
        {
            var name = SnakeCase(property.Name);
            read[name] = new Trait(name, property.Value.ValueKind == JsonValueKind.Null ? null : PropertySplit.TextOf(property.Value));
        }
        if (!read.ContainsKey("name") && FullName(traits) is { } full)
        {
            read["name"] = new Trait("name", JsonSerializer.Serialize(full));
        }
        if (!read.ContainsKey("country") && traits.TryGetProperty("address", out var address) && address.ValueKind == JsonValueKind.Object
            && address.TryGetProperty("country", out var country) && country.ValueKind == JsonValueKind.String)
        {
            read["country"] = new Trait("country", PropertySplit.TextOf(country));
        }
        return [.. read.Values];
    }

    private static string? FullName(JsonElement traits)
    {
        var names = new[] { Text(traits, "firstName", "first_name"), Text(traits, "lastName", "last_name") }.OfType<string>().ToList();
        return names.Count == 0 ? null : string.Join(' ', names);
    }

    private static string? Text(JsonElement traits, params string[] names) => names
        .Select(n => traits.TryGetProperty(n, out var value) && value.ValueKind == JsonValueKind.String ? PropertySplit.Clean(value.GetString()!) : null)
        .FirstOrDefault(v => !string.IsNullOrWhiteSpace(v));

    private static string SnakeCase(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(PropertySplit.Clean(name));
}
