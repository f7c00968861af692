using System.Globalization;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Serving;

namespace Wellmet.Recommendations.Placements;

/// <summary>
/// What the lines of a form name of products: a type by its word alone (<c>lantern</c>), everything else with what it is before it (<c>brand: Acme</c>). Types may also stand
/// in one line with commas between them; a brand may have a comma in its name.
/// </summary>
internal static class RuleLines
{
    public static ILookup<ProductTrait, string> Read(string? text) => Lines(text).ToLookup(l => l.Trait, l => l.Value);

    public static string Write(ListRules rules, Func<(IReadOnlyList<string> Only, IReadOnlyList<string> Not), IReadOnlyList<string>> which) =>
        string.Join('\n', ListRules.Traits.SelectMany(t => which(rules.Of(t)).Select(value => Line(t, value))));

    /// <summary>The last word is the factor; a name may have several words.</summary>
    /// <exception cref="ProblemException"><c>boost_malformed</c>.</exception>
    public static IReadOnlyList<Boost> ReadBoosts(string? text) => [.. Lines(text).Select(line =>
    {
        var space = line.Value.LastIndexOf(' ');
        return space > 0 && double.TryParse(line.Value[(space + 1)..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var factor)
            ? new Boost(line.Value[..space].Trim(), factor, line.Trait)
            : throw new ProblemException("boost_malformed", "{0}: write the type and its factor, such as lantern 2.", 400, line.Value);
    })];

    public static string Write(IEnumerable<Boost> boosts) => string.Join('\n', boosts.Select(b => Line(b.Trait, $"{b.Value} {b.Factor.ToString(CultureInfo.InvariantCulture)}")));

    private static string Line(ProductTrait trait, string value) => trait == ProductTrait.Kind ? value : $"{EnumText.Of(trait)}: {value}";

    private static IEnumerable<(ProductTrait Trait, string Value)> Lines(string? text)
    {
        foreach (var line in (text ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (var named in Named(line) is { } whole ? [whole] : line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(part => Named(part) ?? (ProductTrait.Kind, part)))
            {
                yield return named;
            }
        }
    }

    /// <summary>Null for a line that does not begin with what it names.</summary>
    private static (ProductTrait Trait, string Value)? Named(string line) => line.IndexOfAny([':', '：']) is > 0 and var colon
        && EnumText.TryRead<ProductTrait>(line[..colon].Trim(), out var trait) && line[(colon + 1)..].Trim() is { Length: > 0 } value ? (trait, value) : null;
}
