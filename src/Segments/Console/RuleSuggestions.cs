using System.Text;
using System.Text.Json.Nodes;
using Wellmet.Segments.Histories;
using Wellmet.Segments.Rules;

namespace Wellmet.Segments.Console;

/// <summary>What the fields of the rule builder suggest: words that the shop's histories hold. A field names its list by what it is about; only lists that the draft's fields name are written.</summary>
public sealed class RuleSuggestions(HistoryOutline outline)
{
    public const string Kinds = "rule-kinds", Traits = "rule-traits";

    /// <summary>Shown where nothing has happened yet.</summary>
    private static readonly string[] Known = ["Product Viewed", "Product Added", FactKinds.OrderPlaced, FactKinds.ProductOrdered, FactKinds.PageViewed];

    /// <summary>Traits that every shop has.</summary>
    private static readonly string[] Everywhere = [CompiledAppearance.FirstSeen, "country"];

    /// <summary>The list of a kind's properties.</summary>
    public static string PropertiesOf(string kind) => "rule-of-" + Plain(kind);

    /// <summary>The list of a property's values.</summary>
    public static string ValuesOf(string kind, string property) => $"rule-of-{Plain(kind)}-{Plain(property)}";

    /// <summary>All lists that a draft's fields name, with their entries.</summary>
    public IEnumerable<(string Id, IEnumerable<string> Entries)> For(JsonObject draft)
    {
        yield return (Kinds, outline.Kinds.Count > 0 ? outline.Kinds : Known);
        yield return (Traits, outline.Traits.Union(Everywhere));
        foreach (var (kind, tests) in FactsOf(draft).GroupBy(f => f.Kind, f => f.Properties).Select(g => (g.Key, g.SelectMany(p => p).Distinct())))
        {
            if (!kind.StartsWith(FactKinds.Trait, StringComparison.Ordinal))
            {
                yield return (PropertiesOf(kind), outline.Properties[kind]);
            }
            foreach (var property in tests)
            {
                yield return (ValuesOf(kind, property), outline.Values[(kind, property)]);
            }
        }
    }

    private static IEnumerable<(string Kind, List<string> Properties)> FactsOf(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray list:
                return list.SelectMany(FactsOf);
            case JsonObject { } rule when rule["trait"] is { } trait:
                return [(FactKinds.Trait + RuleDraft.TextOf(trait), [FactKinds.Value])];
            case JsonObject { } fact when (fact["did"] ?? (fact["not"] is JsonValue ? fact["not"] : null)) is { } kind:
                return [(RuleDraft.TextOf(kind), [.. (fact["where"] as JsonArray ?? []).OfType<JsonObject>().Select(t => RuleDraft.TextOf(t["property"]))])];
            case JsonObject group:
                return group.Select(p => p.Value).Where(v => v is JsonObject or JsonArray).SelectMany(FactsOf);
            default:
                return [];
        }
    }

    /// <summary>Of letters and digits, and the same for equal words alone.</summary>
    private static string Plain(string word) => Convert.ToHexString(Encoding.UTF8.GetBytes(word));
}
