using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Wellmet.Platform.Api;

/// <summary>The API document as its page shows it, read from the document itself.</summary>
/// <param name="Schemas">What bodies and answers are made of, by name.</param>
public sealed record ApiReference(IReadOnlyList<ApiReference.Group> Groups, IReadOnlyList<ApiReference.Schema> Schemas)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Operations under one heading.</summary>
    public sealed record Group(string Name, string Description, IReadOnlyList<Operation> Operations);

    /// <param name="Description">With backticks around code; paragraphs parted by empty lines.</param>
    /// <param name="Curl">A command line that works.</param>
    /// <param name="Body">Null where it takes none.</param>
    public sealed record Operation(
        string Id, string Method, string Path, string Summary, string Description, IReadOnlyList<Parameter> Parameters, Content? Body, Content Answer, string Curl, IReadOnlyList<Problem> Problems);

    /// <param name="In"><c>query</c>, <c>path</c> or <c>header</c>.</param>
    public sealed record Parameter(string Name, string In, bool Required, ValueType Type, string Description);

    /// <param name="Example">Indented JSON, or text of another media type.</param>
    public sealed record Content(ValueType Type, string Example);

    /// <param name="Text">In words, with limits.</param>
    /// <param name="Schema">Name of the schema that it leads to; null for plain values.</param>
    public sealed record ValueType(string Text, string? Schema);

    /// <summary>A refusal.</summary>
    public sealed record Problem(string Status, string Code, string Meaning);

    /// <summary>An object that operations take or answer with.</summary>
    public sealed record Schema(string Name, IReadOnlyList<Property> Properties);

    /// <summary>A property of an object.</summary>
    public sealed record Property(string Name, ValueType Type, bool Required, string Description);

    /// <param name="document">As <see cref="OpenApiDocument"/> builds it.</param>
    public static ApiReference Of(JsonObject document)
    {
        var operations = (from path in document["paths"]!.AsObject()
                          from method in path.Value!.AsObject()
                          select (Tag: Text(method.Value!["tags"]![0]), Operation: OperationOf(path.Key, method.Key, method.Value!.AsObject(), document))).ToLookup(o => o.Tag, o => o.Operation);
        return new ApiReference(
            [.. document["tags"]!.AsArray().Select(t => new Group(Text(t!["name"]), Text(t["description"]), [.. operations[Text(t["name"])]]))],
            [.. document["components"]!["schemas"]!.AsObject().OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => SchemaOf(s.Key, s.Value!.AsObject()))]);
    }

    private static Operation OperationOf(string path, string method, JsonObject node, JsonObject document)
    {
        var problems = from response in node["responses"]!.AsObject()
                       from example in response.Value!["content"]?["application/problem+json"]?["examples"]?.AsObject() ?? []
                       let value = example.Value!["$ref"] is null ? example.Value : document["components"]!["examples"]![example.Key]
                       select new Problem(response.Key, example.Key, Text(value!["value"]!["detail"]));
        return new Operation(
            Text(node["operationId"]), method.ToUpperInvariant(), path, Text(node["summary"]), Text(node["description"]),
            [.. (node["parameters"]?.AsArray() ?? []).Select(p => new Parameter(Text(p!["name"]), Text(p["in"]), p["required"]!.GetValue<bool>(), TypeOf(p["schema"]), Text(p["description"])))],
            ContentOf(node["requestBody"]), ContentOf(node["responses"]!.AsObject().First(r => r.Key[0] == '2').Value)!, Text(node["x-codeSamples"]![0]!["source"]), [.. problems]);
    }

    /// <summary>The first one; a text is shown as it is.</summary>
    private static Content? ContentOf(JsonNode? holder) => holder?["content"]?.AsObject().First().Value is { } content
        ? new Content(TypeOf(content["schema"]), content["example"] is JsonValue text && text.TryGetValue<string>(out var plain) ? plain : content["example"]!.ToJsonString(Indented)) : null;

    private static Schema SchemaOf(string name, JsonObject node)
    {
        var required = (node["required"]?.AsArray() ?? []).Select(Text).ToHashSet();
        return new Schema(name, [.. (node["properties"]?.AsObject() ?? []).Select(p => new Property(p.Key, TypeOf(p.Value), required.Contains(p.Key), Text((p.Value as JsonObject)?["description"])))]);
    }

    private static ValueType TypeOf(JsonNode? node)
    {
        if (node is not JsonObject schema)
        {
            return new ValueType("any", null);
        }
        if (schema["$ref"] is { } reference)
        {
            var name = Text(reference).Split('/')[^1];
            return new ValueType(name, name);
        }
        if (schema["oneOf"] is JsonArray choices)
        {
            return TypeOf(choices[0]) is var first ? first with { Text = first.Text + " or null" } : first;
        }
        var types = schema["type"] is JsonArray several ? several.Select(Text).ToList() : [Text(schema["type"])];
        if (types[0] == "array")
        {
            var item = TypeOf(schema["items"]);
            return item with { Text = "list of " + item.Text };
        }
        return new ValueType(string.Join(", ", new[] { string.Join(" or ", types), Text(schema["format"]) }.Where(t => t.Length > 0).Concat(Limits(schema))), null);
    }

    private static IEnumerable<string> Limits(JsonObject schema)
    {
        if (schema["enum"] is JsonArray values)
        {
            yield return string.Join(" · ", values.OfType<JsonValue>().Select(v => v.ToString()));
        }
        if (schema["minimum"] is { } min)
        {
            yield return $"{min} … {schema["maximum"]}".TrimEnd(' ', '…');
        }
        if (schema["maxLength"] is { } length)
        {
            yield return $"≤ {length}";
        }
        if (schema["default"] is { } value)
        {
            yield return $"= {value.ToJsonString()}";
        }
    }

    private static string Text(JsonNode? node) => node?.GetValue<string>() ?? "";
}
