using System.Globalization;
using System.Text.Json;

namespace Wellmet.Tests.Server.Api;

/// <summary>
/// Whether a value is what a schema of the API document says: types, required and unknown properties, enums, formats, limits of numbers and texts, references.
/// Stricter than JSON Schema in one thing: a property that the schema does not name is a fault, because then the document is not whole.
/// </summary>
internal sealed class SchemaCheck(JsonElement document)
{
    public IEnumerable<string> Faults(JsonElement schema, JsonElement value, string at = "$")
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            return Faults(reference.GetString()!.Split('/').Skip(1).Aggregate(document, (node, name) => node.GetProperty(name)), value, at);
        }
        if (schema.TryGetProperty("oneOf", out var choices))
        {
            var fitting = choices.EnumerateArray().Count(c => !Faults(c, value, at).Any());
            return fitting == 1 ? [] : [$"{at}: fits {fitting} of the choices"];
        }
        var types = schema.GetProperty("type") is { ValueKind: JsonValueKind.Array } several ? several.EnumerateArray().Select(t => t.GetString()).ToList() : [schema.GetProperty("type").GetString()];
        if (!types.Any(t => Is(t!, value)))
        {
            return [$"{at}: {value.ValueKind} instead of {string.Join(" or ", types)}"];
        }
        return value.ValueKind switch
        {
            JsonValueKind.Object when schema.TryGetProperty("properties", out var properties) => ObjectFaults(schema, properties, value, at),
            JsonValueKind.Array => value.EnumerateArray().SelectMany((item, i) => Faults(schema.GetProperty("items"), item, $"{at}[{i}]")),
            JsonValueKind.String => TextFaults(schema, value.GetString()!, at),
            JsonValueKind.Number when schema.TryGetProperty("minimum", out var min) && value.GetDecimal() < min.GetDecimal() => [$"{at}: below {min}"],
            _ => [],
        };
    }

    private IEnumerable<string> ObjectFaults(JsonElement schema, JsonElement properties, JsonElement value, string at)
    {
        var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(n => n.GetString()!) : [];
        return [
            .. required.Where(n => !value.TryGetProperty(n, out _)).Select(n => $"{at}: {n} is missing"),
            .. value.EnumerateObject().SelectMany(p => properties.TryGetProperty(p.Name, out var of) ? Faults(of, p.Value, $"{at}.{p.Name}") : [$"{at}: {p.Name} is not in the document"]),
        ];
    }

    private static IEnumerable<string> TextFaults(JsonElement schema, string text, string at)
    {
        if (schema.TryGetProperty("enum", out var values) && !values.EnumerateArray().Any(v => v.ValueKind == JsonValueKind.String && v.GetString() == text))
        {
            yield return $"{at}: {text} is not in the enum";
        }
        var formed = !schema.TryGetProperty("format", out var format) || format.GetString() switch
        {
            "uuid" => Guid.TryParseExact(text, "D", out _),
            "date-time" => text.Contains('T', StringComparison.Ordinal) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var time) && time.Offset == TimeSpan.Zero,
            "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", out _),
            _ => false,
        };
        if (!formed)
        {
            yield return $"{at}: {text} is no {format}";
        }
        if (schema.TryGetProperty("maxLength", out var most) && text.Length > most.GetInt32())
        {
            yield return $"{at}: longer than {most}";
        }
    }

    private static bool Is(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a type of JSON Schema."),
    };
}
