using Wellmet.Platform;

namespace Wellmet.Commerce.Mappings;

/// <summary>Something that is wrong in a mapping, or in what it makes of a payload.</summary>
/// <param name="Rule">Place of the rule; -1 for the mapping as a whole.</param>
/// <param name="Field">Name of the field, or <c>when</c>, <c>each</c>, <c>lines</c>, <c>delivery_id</c>; null for the rule as a whole.</param>
/// <param name="At">The path at which it is; null where none is meant.</param>
public sealed record MappingError(int Rule, string? Field, string? At, ProblemException Problem);

/// <summary>A field, ready to be read.</summary>
internal sealed record CompiledField(MappingField Field, IReadOnlyList<JsonPath> Paths, string? Value, string Format);

/// <summary>A rule, ready to be applied.</summary>
internal sealed record CompiledRule(int Place, MappingRule Rule, ICondition? When, JsonPath? Each, JsonPath? Lines, IReadOnlyDictionary<string, CompiledField> Fields);

/// <summary>A mapping whose paths were read. What is wrong in it is listed, and the rule that it is in left out.</summary>
internal sealed class CompiledMapping
{
    private readonly List<MappingError> errors = [];

    private CompiledMapping(Mapping mapping)
    {
        DeliveryId = Of(-1, "delivery_id", mapping.DeliveryId, JsonPath.Parse);
        Check(mapping.Rules.Count is > 0 and <= Mapping.MostRules, -1, null, new ProblemException("mapping_rules", "A mapping has 1 to {0} rules.", 422, Mapping.MostRules));
        var read = mapping.Rules.Take(Mapping.MostRules).Select((rule, place) => RuleOf(place, rule)).ToList();
        Rules = [.. read.Where(r => errors.TrueForAll(e => e.Rule != r.Place))];
    }

    public JsonPath? DeliveryId { get; }
    public IReadOnlyList<CompiledRule> Rules { get; }
    public IReadOnlyList<MappingError> Errors => errors;

    public static CompiledMapping Of(Mapping mapping) => new(mapping);

    private CompiledRule RuleOf(int place, MappingRule rule)
    {
        var fields = new Dictionary<string, CompiledField>();
        Check(rule.Fields.Count <= Mapping.MostFields, place, null, new ProblemException("mapping_fields", "A rule has at most {0} fields.", 422, Mapping.MostFields));
        foreach (var (name, mapped) in rule.Fields.Take(Mapping.MostFields))
        {
            if (FieldOf(place, rule.Kind, name, mapped) is { } field)
            {
                fields[name] = field;
            }
        }
        foreach (var missing in MappingFields.Of(rule.Kind).Where(f => f.Required && (!f.OfLine || rule.Lines is not null) && !rule.Fields.ContainsKey(f.Name)))
        {
            errors.Add(new(place, missing.Name, null, new ProblemException("mapping_field_missing", "This field is needed.", 422)));
        }
        DemandEvidence(place, rule);
        return new CompiledRule(place, rule, Of(place, "when", rule.When, ICondition.Parse), Of(place, "each", rule.Each, JsonPath.Parse), Of(place, "lines", rule.Lines, JsonPath.Parse), fields);
    }

    /// <summary>Said by the payload itself, of each one, where a consent is; the words that a form shows may be the same for all.</summary>
    private static readonly string[] Said = ["consent", "consent_at", "email", "consent_evidence", "consent_ip"];

    /// <summary>A consent that nobody could prove is none.</summary>
    private void DemandEvidence(int place, MappingRule rule)
    {
        if (rule.Fields.ContainsKey("consent"))
        {
            Check(rule.Fields.ContainsKey("email") && rule.Fields.ContainsKey("consent_at") && (rule.Fields.ContainsKey("consent_wording") || rule.Fields.ContainsKey("consent_evidence")), place, "consent",
                new ProblemException("mapping_consent_unproved", "A consent needs the e-mail address, the time, and the words that were shown or where the evidence lies.", 422));
            foreach (var name in Said)
            {
                Check(!rule.Fields.TryGetValue(name, out var field) || field is { Path: not null, Value: null or "" }, place, name, new ProblemException("mapping_consent_constant", "A consent is read from the payload; it cannot be a constant.", 422));
            }
        }
    }

    private CompiledField? FieldOf(int place, MappingKind kind, string name, MappedField mapped)
    {
        if (name.Length > Mapping.LongestName || MappingFields.Find(kind, name) is not { } field)
        {
            errors.Add(new(place, name, null, new ProblemException("mapping_field_unknown", "There is no such field.", 422)));
            return null;
        }
        Check(mapped.Value is not { Length: > JsonPath.LongestText }, place, name, new ProblemException("mapping_value_long", "A value has at most {0} characters.", 422, JsonPath.LongestText));
        var formats = MappingFormats.Of(field.Type);
        Check(mapped.Format is null || formats.Contains(mapped.Format), place, name, new ProblemException("mapping_format_unknown", "There is no such format.", 422));
        return new CompiledField(field, [.. Alternatives(mapped.Path).Select(p => Of(place, name, p, JsonPath.Parse)).OfType<JsonPath>()], mapped.Value, mapped.Format ?? (formats.Count > 0 ? formats[0] : ""));
    }

    private static IEnumerable<string> Alternatives(string? path) => path?.Split("??", StringSplitOptions.TrimEntries) ?? [];

    private T? Of<T>(int place, string field, string? text, Func<string, T> read) where T : class
    {
        try
        {
            return text is null ? null : read(text);
        }
        catch (ProblemException problem)
        {
            errors.Add(new(place, field, text, problem));
            return null;
        }
    }

    private void Check(bool holds, int place, string? field, ProblemException problem)
    {
        if (!holds)
        {
            errors.Add(new(place, field, null, problem));
        }
    }
}
