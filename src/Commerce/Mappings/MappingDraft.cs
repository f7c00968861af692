using System.Globalization;
using Microsoft.AspNetCore.Http;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Mappings;

/// <summary>
/// A mapping in the editor's form: fields are named by the place of their rule (<c>r0.when</c>, <c>r0.f.number</c>, its format <c>r0.t.number</c>), so that the form holds everything and nothing is kept between two requests.
/// What is typed for a field is its paths and, last, a constant in quotation marks: <c>$.currency ?? 'EUR'</c>.
/// </summary>
internal static class MappingDraft
{
    private const int LongestText = 2 * JsonPath.LongestText;

    public static Mapping Of(IFormCollection form) => new([.. Enumerable.Range(0, Math.Min(Number(form["rules"]), Mapping.MostRules)).Select(i => RuleOf(form, $"r{i}."))]) { DeliveryId = Text(form, "delivery_id") };

    /// <param name="op"><c>add:order</c> appends a rule, <c>remove:0</c> takes one away, <c>up:1</c> moves one; anything else changes nothing.</param>
    public static Mapping Apply(Mapping mapping, string? op)
    {
        var rules = mapping.Rules.ToList();
        var words = op?.Split(':') ?? [];
        if (words is ["add", var kind] && EnumText.TryRead<MappingKind>(kind, out var added) && rules.Count < Mapping.MostRules)
        {
            rules.Add(new MappingRule(added));
        }
        else if (words is ["remove", var gone] && Number(gone) is var place && place < rules.Count)
        {
            rules.RemoveAt(place);
        }
        else if (words is ["up", var moved] && Number(moved) is > 0 and var from && from < rules.Count)
        {
            (rules[from - 1], rules[from]) = (rules[from], rules[from - 1]);
        }
        return mapping with { Rules = rules };
    }

    /// <summary>As it is typed.</summary>
    public static string TextOf(MappedField? field) => field is null ? "" : string.Join(" ?? ", new[] { field.Path, field.Value is { } value ? Quoted(value) : null }.OfType<string>());

    private static MappingRule RuleOf(IFormCollection form, string of)
    {
        var kind = EnumText.TryRead<MappingKind>(form[of + "kind"], out var read) ? read : MappingKind.Event;
        var fields = new Dictionary<string, MappedField>();
        foreach (var name in MappingFields.Of(kind).Select(f => f.Name))
        {
            Add(fields, name, FieldOf(Text(form, of + "f." + name), Text(form, of + "t." + name)));
        }
        for (var i = 0; kind == MappingKind.Event && i < Mapping.MostFields && form.ContainsKey($"{of}pn.{i}"); i++)
        {
            if (Text(form, $"{of}pn.{i}") is { } name)
            {
                Add(fields, MappingFields.Property + name, FieldOf(Text(form, $"{of}pf.{i}"), null));
            }
        }
        return new MappingRule(kind) { Topic = Text(form, of + "topic"), When = Text(form, of + "when"), Each = Text(form, of + "each"), Lines = Text(form, of + "lines"), Fields = fields };
    }

    private static void Add(Dictionary<string, MappedField> fields, string name, MappedField? field)
    {
        if (field is not null)
        {
            fields[name] = field;
        }
    }

    /// <summary>Null where nothing was typed. What stands in no quotation marks and begins with neither $ nor @ is meant as a constant, too.</summary>
    private static MappedField? FieldOf(string? text, string? format)
    {
        if (text is null)
        {
            return null;
        }
        var parts = text.Split("??", StringSplitOptions.TrimEntries).ToList();
        var constant = parts[^1] is { Length: > 0 } last && last[0] is not ('$' or '@') ? Unquoted(last) : null;
        var paths = constant is null ? parts : parts[..^1];
        return new MappedField(paths.Count == 0 ? null : string.Join(" ?? ", paths), constant, format);
    }

    private static string Quoted(string value) => $"'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    private static string Unquoted(string text) => text.Length > 1 && text[0] is '\'' or '"' && text[^1] == text[0]
        ? text[1..^1].Replace("\\'", "'", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal) : text;

    private static string? Text(IFormCollection form, string name) => form[name].ToString().Trim() is { Length: > 0 } text ? text.Length > LongestText ? text[..LongestText] : text : null;

    private static int Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
