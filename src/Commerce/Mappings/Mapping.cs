using System.Text.Json;
using System.Text.Json.Serialization;
using Wellmet.Platform;

namespace Wellmet.Commerce.Mappings;

/// <summary>What a payload may tell of.</summary>
public enum MappingKind
{
    Order,
    Refund,
    Parcel,
    Customer,
    Product,
    Event,
}

/// <summary>Where a value comes from.</summary>
/// <param name="Path">A path, or several with <c>??</c> between them: the first that finds something counts. Null for a constant.</param>
/// <param name="Value">Taken where the paths find nothing; a constant where there is no path.</param>
/// <param name="Format">How it is written; see <see cref="MappingFormats"/>.</param>
public sealed record MappedField(string? Path = null, string? Value = null, string? Format = null)
{
    [JsonIgnore]
    public bool IsEmpty => Path is null && Value is null;
}

/// <summary>How a payload becomes things of one kind.</summary>
public sealed record MappingRule(MappingKind Kind)
{
    /// <summary>The topic in the sender's header to which the rule applies; null for all.</summary>
    public string? Topic { get; init; }

    /// <summary>A condition on the payload; null for all.</summary>
    public string? When { get; init; }

    /// <summary>The path of the things, where a payload holds several; null for the whole payload. Fields read each by <c>@</c>.</summary>
    public string? Each { get; init; }

    /// <summary>The path of a thing's lines. Their fields read each by <c>@</c>.</summary>
    public string? Lines { get; init; }

    /// <summary>By name; see <see cref="MappingFields"/>. Empty ones are left out.</summary>
    public IReadOnlyDictionary<string, MappedField> Fields { get; init; } = new Dictionary<string, MappedField>();
}

/// <summary>How the payloads of a connection are read.</summary>
public sealed record Mapping(IReadOnlyList<MappingRule> Rules)
{
    public const int MostRules = 20, MostFields = 60, LongestName = 100, LongestDocument = 100_000;

    /// <summary>The path of the sender's id of a message, by which one that is sent again is known; null for none.</summary>
    public string? DeliveryId { get; init; }
}

/// <summary>Mappings as they are kept and exchanged: JSON in snake_case.</summary>
public static class MappingJson
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, MaxDepth = 8,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    public static string Write(Mapping mapping) => JsonSerializer.Serialize(mapping, Format);

    /// <exception cref="ProblemException"><c>mapping_invalid</c> (422).</exception>
    public static Mapping Read(string text)
    {
        try
        {
            if (text.Length <= Mapping.LongestDocument && JsonSerializer.Deserialize<Mapping>(text, Format) is { Rules: not null } mapping && mapping.Rules.All(r => r is { Fields: not null } && r.Fields.Values.All(f => f is not null)))
            {
                return mapping;
            }
        }
        catch (JsonException)
        {
            // Said below.
        }
        throw new ProblemException("mapping_invalid", "This is no mapping.", 422);
    }
}
