using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Wellmet.Platform.Api;

/// <summary>
/// JSON schemas of what is written and read, from the types themselves: each object once, under its name. In an answer every property is required
/// that is always written; more may be added later, so none is forbidden.
/// </summary>
internal sealed class OpenApiSchemas(JsonSerializerOptions usual)
{
    private readonly Dictionary<string, Type> types = [];

    /// <summary><c>components.schemas</c> of the document.</summary>
    public JsonObject Components { get; } = [];

    public JsonNode Of(ApiContent content, bool isAnswer)
    {
        // Leniency towards numbers in quotes is no part of the contract.
        var format = new JsonSerializerOptions(content.Format ?? usual) { NumberHandling = JsonNumberHandling.Strict };
        format.MakeReadOnly(populateMissingResolver: true);
        return format.GetJsonSchemaAsNode(content.Type, new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, schema) => Transform(context, schema, format, isAnswer),
        });
    }

    public static string NameOf(Type type)
    {
        if (type.IsGenericType)
        {
            return NameOf(type.GetGenericArguments()[0]) + type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)].Replace("Api", "", StringComparison.Ordinal);
        }
        var name = type.Name.StartsWith("Api", StringComparison.Ordinal) ? type.Name[3..] : type.Name;
        name = name.EndsWith("Answer", StringComparison.Ordinal) ? name[..^"Answer".Length] : name;
        return type.DeclaringType is { } outer ? NameOf(outer) + name : name;
    }

    private JsonNode Transform(JsonSchemaExporterContext context, JsonNode schema, JsonSerializerOptions format, bool isAnswer)
    {
        var info = context.TypeInfo;
        var type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        var node = schema as JsonObject ?? [];
        var nullable = Nullable.GetUnderlyingType(info.Type) is not null || context.PropertyInfo is { IsGetNullable: true };
        if (type == typeof(JsonElement))
        {
            (node["type"], node["additionalProperties"]) = (TypeOf("object", nullable), true);
        }
        else if (type.IsEnum)
        {
            node["type"] = TypeOf("string", nullable);
        }
        else if (info.Kind == JsonTypeInfoKind.Object)
        {
            node = Refer(info, node, nullable, format, isAnswer);
        }
        if (context.PropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: false) is [DescriptionAttribute description])
        {
            node["description"] = description.Description;
        }
        return node;
    }

    /// <summary>Keeps the object under its name; answers a reference to it.</summary>
    private JsonObject Refer(JsonTypeInfo info, JsonObject node, bool nullable, JsonSerializerOptions format, bool isAnswer)
    {
        var name = NameOf(info.Type);
        if (!types.TryAdd(name, info.Type) && types[name] != info.Type)
        {
            throw new InvalidOperationException($"Two types of the API are called {name}: {types[name]} and {info.Type}.");
        }
        node["type"] = "object";
        if (isAnswer)
        {
            node.Remove("additionalProperties");
            var omits = format.DefaultIgnoreCondition == JsonIgnoreCondition.WhenWritingNull;
            node["required"] = new JsonArray([.. info.Properties.Where(p => p.Get is not null && !(omits && p.IsGetNullable)).Select(p => JsonValue.Create(p.Name))]);
        }
        Components.TryAdd(name, node);
        var reference = new JsonObject { ["$ref"] = "#/components/schemas/" + name };
        return nullable ? new JsonObject { ["oneOf"] = new JsonArray(reference, new JsonObject { ["type"] = "null" }) } : reference;
    }

    private static JsonNode TypeOf(string type, bool nullable) => nullable ? new JsonArray(type, "null") : JsonValue.Create(type);
}
