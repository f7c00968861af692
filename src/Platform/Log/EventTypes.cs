using System.Text.Encodings.Web;
using System.Text.Json;

namespace Wellmet.Platform.Log;

/// <summary>The stable names of the event types, and their form in the log (JSON, snake_case).</summary>
public sealed class EventTypes
{
    /// <summary>How payloads are written; enums and ids as text.</summary>
    public static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private readonly Dictionary<string, Type> types = [];
    private readonly Dictionary<Type, string> names = [];

    public IEnumerable<string> Names => types.Keys;

    /// <summary>Whether events of this name appear on the customer's timeline.</summary>
    public bool IsTimelineEntry(string name) => types.TryGetValue(name, out var type) && type.IsAssignableTo(typeof(ITimelineEntry));

    /// <exception cref="InvalidOperationException">The type was not declared at a module's door.</exception>
    public string NameOf(Type type) => names.TryGetValue(type, out var name)
        ? name
        : throw new InvalidOperationException($"{type.Name} was told, but no module declares it as an event.");

    /// <summary>Null where no module declares it.</summary>
    public Type? TypeOf(string name) => types.GetValueOrDefault(name);

    /// <summary>The event, or null where its type is no longer known.</summary>
    public ILogEvent? Read(string name, string payload) =>
        types.TryGetValue(name, out var type) ? (ILogEvent?)JsonSerializer.Deserialize(payload, type, Format) : null;

    public string Write(ILogEvent happened) => JsonSerializer.Serialize(happened, happened.GetType(), Format);

    internal void Add(string name, Type type)
    {
        types.Add(name, type);
        names.Add(type, name);
    }
}
