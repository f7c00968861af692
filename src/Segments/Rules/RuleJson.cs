using System.Globalization;
using System.Text.Json;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Segments.Histories;

namespace Wellmet.Segments.Rules;

/// <summary>
/// Reads and writes rules as JSON: <c>{"all":[…]}</c>, <c>{"any":[…]}</c>, <c>{"not":…}</c>, <c>{"did":"Product Viewed","where":[{"property":"category","is":["shoes"]}],"at_least":3,"window":{"last":"30d"}}</c>,
/// <c>{"did":"Order Placed","sum":"total","at_least":100}</c>, <c>{"sequence":[{"did":"Product Viewed"},{"not":"Order Placed","within":"3d"}]}</c>, <c>{"trait":"country","is":["DE"]}</c>,
/// <c>{"computed":"id","at_least":3}</c>, <c>{"segment":"id"}</c>.
/// </summary>
public static class RuleJson
{
    internal static readonly JsonWriterOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="ProblemException"><c>rule_invalid</c>: which part is wrong, and how.</exception>
    public static Rule Read(string json) => Read(Parse(json));

    /// <inheritdoc cref="Read(string)"/>
    public static Rule Read(JsonElement root)
    {
        var rule = ReadRule(root, "", 1);
        var count = CountOf(rule);
        return count <= Rule.MostRules ? rule : throw Wrong("", "At {0}: A segment has at most {1} rules; this one has {2}.", Rule.MostRules, count);
    }

    public static string Write(Rule rule)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Plain))
        {
            RuleJsonWriter.Write(writer, rule);
        }
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    internal static JsonElement Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 40 });
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw Wrong("", "At {0}: The rule is not JSON: {1}", e.Message);
        }
    }

    internal static ProblemException Wrong(string path, string text, params object[] details) => new("rule_invalid", text, 400, [path.Length == 0 ? "/" : path, .. details]);

    private static int CountOf(Rule rule) => 1 + rule.Children.Sum(CountOf);

    private static Rule ReadRule(JsonElement e, string path, int level)
    {
        if (level > Rule.MostLevels)
        {
            throw Wrong(path, "At {0}: Rules are nested at most {1} deep.", Rule.MostLevels);
        }
        if (e.ValueKind != JsonValueKind.Object)
        {
            throw Wrong(path, "At {0}: A rule is an object.");
        }
        string[] kinds = ["all", "any", "not", "did", "sequence", "trait", "computed", "segment", "listed"];
        var kind = kinds.Where(k => e.TryGetProperty(k, out _)).ToList();
        return kind switch
        {
            ["all"] => new AllOf(ReadRules(e, "all", path, level)),
            ["any"] => new AnyOf(ReadRules(e, "any", path, level)) is { Rules.Count: > 0 } any ? any : throw Wrong(path, "At {0}: 'any' needs at least one rule."),
            ["not"] => new Not(ReadRule(Only(e, path, "not").GetProperty("not"), path + "/not", level + 1)),
            ["did"] => ReadDid(e, path),
            ["sequence"] => ReadSequence(e, path),
            ["trait"] => new Trait(Name(e, "trait", path), ReadTest(e, path, "trait")),
            ["computed"] => Guid.TryParse(Name(e, "computed", path), out var trait) ? new ComputedTrait(trait, ReadTest(e, path, "computed")) : throw Wrong(path, "At {0}: 'computed' names no computed trait."),
            ["segment"] => Guid.TryParse(Name(Only(e, path, "segment"), "segment", path), out var id) ? new InSegment(id) : throw Wrong(path, "At {0}: 'segment' names no segment."),
            ["listed"] => Guid.TryParse(Name(Only(e, path, "listed"), "listed", path), out var list) ? new Listed(list) : throw Wrong(path, "At {0}: 'segment' names no segment."),
            _ => throw Wrong(path, "At {0}: A rule has exactly one of: {1}.", string.Join(", ", kinds.SkipLast(1))),
        };
    }

    private static List<Rule> ReadRules(JsonElement e, string name, string path, int level)
    {
        var list = Only(e, path, name).GetProperty(name);
        return list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select((r, i) => ReadRule(r, $"{path}/{name}/{i}", level + 1))]
            : throw Wrong(path, "At {0}: '{1}' is a list.", name);
    }

    private static readonly Dictionary<string, Measure> Measures = new()
    {
        ["sum"] = Measure.Sum, ["average"] = Measure.Average, ["smallest"] = Measure.Smallest, ["largest"] = Measure.Largest, ["different"] = Measure.Different,
    };

    private static readonly Dictionary<string, Comparison> Comparisons = Enum.GetValues<Comparison>().ToDictionary(c => EnumText.Of(c), c => c);

    private static Did ReadDid(JsonElement e, string path)
    {
        Only(e, path, ["did", "where", "window", "first", "last", .. Measures.Keys, .. Comparisons.Keys]);
        var filter = ReadFilter(e, "did", path);
        var window = e.TryGetProperty("window", out var w) ? ReadWindow(w, path + "/window") : Window.Ever;
        foreach (var (name, measure) in new[] { ("first", Measure.First), ("last", Measure.Last) })
        {
            if (e.TryGetProperty(name, out var only))
            {
                return only.ValueKind == JsonValueKind.True && !Comparisons.Keys.Concat(Measures.Keys).Any(k => e.TryGetProperty(k, out _))
                    ? new Did(filter, measure, null, Comparison.AtLeast, 1, null, window)
                    : throw Wrong(path, "At {0}: '{1}' is true, and nothing is measured beside it.", name);
            }
        }
        var measured = Measures.Keys.Where(k => e.TryGetProperty(k, out _)).ToList();
        var compared = Comparisons.Keys.Where(k => e.TryGetProperty(k, out _)).ToList();
        if (measured.Count > 1 || compared.Count > 1 || (measured.Count == 1 && compared.Count == 0))
        {
            throw Wrong(path, "At {0}: A rule measures one thing and compares it once.");
        }
        var comparison = compared is [var c] ? Comparisons[c] : Comparison.AtLeast;
        var (value, to) = compared is [var given] ? ReadNumbers(e.GetProperty(given), comparison, path + "/" + given) : (1, null);
        return measured is [var m]
            ? new Did(filter, Measures[m], Name(e, m, path), comparison, value, to, window)
            : new Did(filter, Measure.Count, null, comparison, value, to, window);
    }

    private static (decimal Value, decimal? To) ReadNumbers(JsonElement e, Comparison comparison, string path)
    {
        if (comparison != Comparison.Between)
        {
            return (Number(e, path), null);
        }
        return e.ValueKind == JsonValueKind.Array && e.GetArrayLength() == 2 && Number(e[0], path) is var low && Number(e[1], path) is var high && low <= high
            ? (low, high)
            : throw Wrong(path, "At {0}: 'between' has two numbers, the lower one first.");
    }

    private static decimal Number(JsonElement e, string path) => e.ValueKind == JsonValueKind.Number && e.TryGetDecimal(out var number) && PackedProperties.Fits(number)
        ? number
        : throw Wrong(path, "At {0}: This is not a number up to a thousand million.");

    private static Sequence ReadSequence(JsonElement e, string path)
    {
        Only(e, path, "sequence", "same", "window");
        var list = e.GetProperty("sequence");
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is < 2 or > Sequence.MostSteps)
        {
            throw Wrong(path, "At {0}: A sequence has two to {1} steps.", Sequence.MostSteps);
        }
        var steps = list.EnumerateArray().Select((s, i) => ReadStep(s, i, $"{path}/sequence/{i}")).ToList();
        return steps.FindIndex(s => !s.Happens) is var missing and >= 0 && missing < steps.Count - 1
            ? throw Wrong(path, "At {0}: Only the last step can be one that does not happen.")
            : new Sequence(steps, e.TryGetProperty("same", out _) ? Name(e, "same", path) : null, e.TryGetProperty("window", out var w) ? ReadWindow(w, path + "/window") : Window.Ever);
    }

    private static SequenceStep ReadStep(JsonElement e, int index, string path)
    {
        var happens = e.ValueKind == JsonValueKind.Object && e.TryGetProperty("did", out _);
        if (!happens && (index == 0 || e.ValueKind != JsonValueKind.Object || !e.TryGetProperty("not", out _)))
        {
            throw Wrong(path, "At {0}: A step says what somebody did, or 'not'.");
        }
        var name = happens ? "did" : "not";
        Only(e, path, [name, "where", .. index == 0 ? Array.Empty<string>() : ["within"]]);
        return new SequenceStep(ReadFilter(e, name, path), index == 0 ? TimeSpan.Zero : e.TryGetProperty("within", out var within) ? Span(within, path + "/within") : throw Wrong(path, "At {0}: A step after the first says 'within' what time."), happens);
    }

    internal static FactFilter ReadFilter(JsonElement e, string name, string path)
    {
        var tests = new List<PropertyTest>();
        if (e.TryGetProperty("where", out var where))
        {
            if (where.ValueKind != JsonValueKind.Array || where.GetArrayLength() > FactFilter.MostTests)
            {
                throw Wrong(path, "At {0}: 'where' is a list of at most {1} tests.", FactFilter.MostTests);
            }
            tests.AddRange(where.EnumerateArray().Select((t, i) => new PropertyTest(Name(t, "property", $"{path}/where/{i}"), ReadTest(t, $"{path}/where/{i}", "property"))));
        }
        return new FactFilter(Name(e, name, path), tests);
    }

    private static readonly Dictionary<string, TestOperator> Operators = Enum.GetValues<TestOperator>().ToDictionary(o => EnumText.Of(o), o => o);

    private static Test ReadTest(JsonElement e, string path, string named)
    {
        if (e.ValueKind != JsonValueKind.Object)
        {
            throw Wrong(path, "At {0}: A test is an object.");
        }
        Only(e, path, [named, .. Operators.Keys]);
        if (Operators.Keys.Where(k => e.TryGetProperty(k, out _)).ToList() is not [var name])
        {
            throw Wrong(path, "At {0}: A test has exactly one of: {1}.", string.Join(", ", Operators.Keys));
        }
        var op = Operators[name];
        var (least, most) = TestOperators.ValuesOf(op);
        var given = e.GetProperty(name);
        if (most == 0)
        {
            return given.ValueKind == JsonValueKind.True ? new Test(op, []) : throw Wrong(path, "At {0}: '{1}' is true.", name);
        }
        List<JsonElement> values = given.ValueKind == JsonValueKind.Array ? [.. given.EnumerateArray()] : [given];
        if (values.Count < least || values.Count > most)
        {
            throw Wrong(path, least == most ? "At {0}: '{1}' has {2} values." : "At {0}: '{1}' has {2} to {3} values.", name, least, most);
        }
        return new Test(op, values.ConvertAll(v => ReadValue(v, op, path + "/" + name)));
    }

    private static FactValue ReadValue(JsonElement e, TestOperator op, string path)
    {
        if (TestOperators.IsOfNumbers(op))
        {
            var number = Number(e, path);
            return TestOperators.DependsOnTime(op) && (number < 0 || number > (decimal)Window.Longest.TotalDays) ? throw Wrong(path, "At {0}: Days are from 0 to {1}.", (int)Window.Longest.TotalDays) : FactValue.Of(number);
        }
        if (TestOperators.IsOfDays(op))
        {
            return e.ValueKind == JsonValueKind.String && DateOnly.TryParseExact(e.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
                ? FactValue.Of(e.GetString()!)
                : throw Wrong(path, "At {0}: A day is written yyyy-MM-dd.");
        }
        return e.ValueKind switch
        {
            JsonValueKind.String when e.GetString() is { Length: > 0 and <= FactValue.LongestText } text => FactValue.Of(text),
            JsonValueKind.Number => FactValue.Of(Number(e, path)),
            JsonValueKind.True or JsonValueKind.False => FactValue.Of(e.GetBoolean()),
            _ => throw Wrong(path, "At {0}: A value is a text of 1 to {1} characters, a number, true or false.", FactValue.LongestText),
        };
    }

    internal static Window ReadWindow(JsonElement e, string path)
    {
        Only(e, path, "last", "before", "since", "until");
        TimeSpan? SpanAt(string name) => e.TryGetProperty(name, out var s) ? Span(s, path + "/" + name) : null;
        DateTimeOffset? DayAt(string name) => !e.TryGetProperty(name, out var d) ? null
            : d.ValueKind == JsonValueKind.String && DateTimeOffset.TryParse(d.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) && time.Year is >= 1970 and <= 2200
                ? time : throw Wrong(path + "/" + name, "At {0}: A day is written yyyy-MM-dd.");
        var window = new Window(SpanAt("last"), SpanAt("before"), DayAt("since"), DayAt("until"));
        return window.Last <= window.Before || window.Until <= window.Since ? throw Wrong(path, "At {0}: The window ends before it begins.") : window;
    }

    /// <summary>30d, 12h, 90m: days, hours, minutes.</summary>
    private static TimeSpan Span(JsonElement e, string path)
    {
        var text = e.ValueKind == JsonValueKind.String ? e.GetString()! : "";
        TimeSpan? span = text.Length > 1 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is > 0 and < 10_000_000
            ? text[^1] switch { 'd' => n <= Window.Longest.TotalDays ? TimeSpan.FromDays(n) : null, 'h' => TimeSpan.FromHours(n), 'm' => TimeSpan.FromMinutes(n), _ => null }
            : null;
        return span <= Window.Longest ? span.Value : throw Wrong(path, "At {0}: A span is written 30d, 12h or 90m, and is at most {1} days.", (int)Window.Longest.TotalDays);
    }

    internal static string Name(JsonElement e, string property, string path) =>
        e.ValueKind == JsonValueKind.Object && e.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String && value.GetString()!.Trim() is { Length: > 0 and <= FactValue.LongestText } text
            ? text
            : throw Wrong(path, "At {0}: '{1}' is a name of 1 to {2} characters.", property, FactValue.LongestText);

    /// <summary>Refuses properties that nobody reads: a slip must not change whom a segment holds.</summary>
    internal static JsonElement Only(JsonElement e, string path, params IReadOnlyCollection<string> known) =>
        e.ValueKind != JsonValueKind.Object ? throw Wrong(path, "At {0}: This is an object.")
        : e.EnumerateObject().Select(p => p.Name).FirstOrDefault(n => !known.Contains(n)) is { } unknown ? throw Wrong(path, "At {0}: '{1}' is not known here. Known are: {2}.", unknown, string.Join(", ", known))
        : e;
}
