using System.Text.Json;
using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Segments.Rules;

/// <summary>
/// Reads and writes formulas as JSON, with the words of <see cref="RuleJson"/>: <c>{"did":"Order Placed","sum":"net","window":{"last":"365d"}}</c>, <c>{"did":"Product Ordered","most_frequent":"category"}</c>,
/// <c>{"did":"Product Viewed","where":[…],"count":true}</c>, <c>{"did":"Order Placed","last":true}</c> for a time, <c>{"did":"Page Viewed","last":"path"}</c> for what the last one says.
/// </summary>
public static class TraitFormulaJson
{
    internal static readonly IReadOnlyList<string> Names = [.. Enum.GetValues<Aggregation>().Select(a => EnumText.Of(a))];

    /// <exception cref="ProblemException"><c>rule_invalid</c>: which part is wrong, and how.</exception>
    public static TraitFormula Read(string json)
    {
        var root = RuleJson.Parse(json);
        RuleJson.Only(root, "", ["did", "where", "window", .. Names]);
        var named = Names.Where(n => root.TryGetProperty(n, out _)).ToList();
        if (named is not [var name])
        {
            throw RuleJson.Wrong("", "At {0}: A computed trait has exactly one of: {1}.", string.Join(", ", Names));
        }
        var aggregation = EnumText.Parse<Aggregation>(name);
        var whole = root.GetProperty(name).ValueKind == JsonValueKind.True;
        if (aggregation == Aggregation.Count ? !whole : whole && !MayMeanTime(aggregation))
        {
            throw RuleJson.Wrong("", aggregation == Aggregation.Count ? "At {0}: '{1}' is true." : "At {0}: '{1}' names a property.", name);
        }
        var window = root.TryGetProperty("window", out var w) ? RuleJson.ReadWindow(RuleJson.Only(w, "/window", "last"), "/window") : Window.Ever;
        return new TraitFormula(RuleJson.ReadFilter(root, "did", ""), aggregation, whole ? null : RuleJson.Name(root, name, ""), window.Last);
    }

    public static string Write(TraitFormula formula)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, RuleJson.Plain))
        {
            writer.WriteStartObject();
            RuleJsonWriter.WriteFilter(writer, "did", formula.What);
            if (formula.Of is { } of)
            {
                writer.WriteString(EnumText.Of(formula.Aggregation), of);
            }
            else
            {
                writer.WriteBoolean(EnumText.Of(formula.Aggregation), true);
            }
            RuleJsonWriter.WriteWindow(writer, formula.Window);
            writer.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Whether the time of the fact is meant where no property is named.</summary>
    public static bool MayMeanTime(Aggregation aggregation) => aggregation is Aggregation.First or Aggregation.Last;
}
