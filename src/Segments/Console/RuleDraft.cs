using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Wellmet.Platform.Storage;
using Wellmet.Segments.Rules;

namespace Wellmet.Segments.Console;

/// <summary>
/// A rule while it is edited: JSON as <see cref="RuleJson"/> reads it, or not yet. The form's fields are named by the paths that its messages name (<c>/all/0/where/1</c>), so the form holds
/// everything and nothing is kept between two requests.
/// </summary>
public sealed class RuleDraft
{
    internal static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] Measures = ["sum", "average", "smallest", "largest", "different"];
    private static readonly string[] Comparisons = [.. Enum.GetValues<Comparison>().Select(c => EnumText.Of(c))];
    private static readonly string[] Operators = [.. Enum.GetValues<TestOperator>().Select(o => EnumText.Of(o))];

    private readonly string given;

    private RuleDraft(string text, JsonObject? root) => (given, Root) = (text, root);

    /// <summary>Null where the text is no JSON object.</summary>
    public JsonObject? Root { get; private set; }

    public string Text => Root?.ToJsonString(Readable) ?? given;

    public static RuleDraft Of(string text) => new(text, Parse(text) is { } root ? Grouped(root) : null);

    /// <summary>What was sent: the rule's text, and in the builder the fields over it.</summary>
    public static RuleDraft Of(IFormCollection form)
    {
        var text = form["rule"].ToString();
        text = text.Length > EditorRoutes.LongestRule ? text[..EditorRoutes.LongestRule] : text;
        var root = Parse(text);
        return new RuleDraft(text, root is null ? null : form["mode"] == "expert" ? root : Grouped(Filled(root, "", form)));
    }

    /// <param name="op"><c>add:did:/all</c> adds to a list, <c>remove:/all/0</c> takes away; anything else changes nothing.</param>
    public void Apply(string? op)
    {
        if (op == "builder" && Root is not null)
        {
            Root = Grouped(Root);
        }
        if (Root is null || op?.Split(':') is not { Length: >= 2 } words)
        {
            return;
        }
        if (words is ["remove", var gone] && gone.LastIndexOf('/') is var cut and > 0 && At(gone[..cut]) is JsonArray list && int.TryParse(gone[(cut + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Count)
        {
            list.RemoveAt(index);
        }
        else if (words is ["add", "test", var owner] && At(owner) is JsonObject fact)
        {
            (fact["where"] as JsonArray ?? (JsonArray)(fact["where"] = new JsonArray())).Add(NewTest());
        }
        else if (words is ["add", var kind, var to] && At(to) is JsonArray into && New(kind) is { } added)
        {
            into.Add(added);
        }
    }

    internal static JsonNode? NewTest() => JsonNode.Parse("""{"property":"category","is":[""]}""");

    private static JsonNode? New(string kind) => kind switch
    {
        "did" => JsonNode.Parse("""{"did":"Product Viewed","at_least":1,"window":{"last":"30d"}}"""),
        "trait" => JsonNode.Parse("""{"trait":"country","is":[""]}"""),
        "computed" => JsonNode.Parse("""{"computed":"","at_least":1}"""),
        "segment" => JsonNode.Parse("""{"segment":""}"""),
        "sequence" => JsonNode.Parse("""{"sequence":[{"did":"Product Viewed"},{"not":"Order Placed","within":"3d"}],"window":{"last":"30d"}}"""),
        "step" => JsonNode.Parse("""{"did":"Order Placed","within":"3d"}"""),
        "group" => JsonNode.Parse("""{"any":[{"did":"Product Viewed","at_least":1,"window":{"last":"30d"}}]}"""),
        "not" => JsonNode.Parse("""{"not":{"any":[{"did":"Order Placed","at_least":1,"window":{"last":"30d"}}]}}"""),
        _ => null,
    };

    private JsonNode? At(string path)
    {
        JsonNode? node = Root;
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            node = node is JsonArray list ? (int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var i) && i < list.Count ? list[i] : null) : (node as JsonObject)?[part];
        }
        return node;
    }

    internal static JsonObject? Parse(string text)
    {
        try
        {
            // Copied, so that a name that comes twice is found here.
            return JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = 40 })?.DeepClone() as JsonObject;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The builder needs a list at the top to add to.</summary>
    private static JsonObject Grouped(JsonObject root) => root["all"] is JsonArray || root["any"] is JsonArray ? root : new JsonObject { ["all"] = new JsonArray(root) };

    private static JsonObject Filled(JsonObject node, string path, IFormCollection form)
    {
        foreach (var group in new[] { "all", "any" })
        {
            if (node[group] is JsonArray rules)
            {
                return new JsonObject { [form[path + ".group"] is [("all" or "any") and var chosen] ? chosen : group] = Each(rules, $"{path}/{group}", form, Filled) };
            }
        }
        if (node["not"] is JsonObject not)
        {
            return new JsonObject { ["not"] = Filled(not, path + "/not", form) };
        }
        if (node["sequence"] is JsonArray steps)
        {
            var sequence = new JsonObject { ["sequence"] = Each(steps, path + "/sequence", form, Step) };
            if (form[path + ".same"].ToString().Trim() is { Length: > 0 } same)
            {
                sequence["same"] = same;
            }
            return Windowed(sequence, node, path, form);
        }
        return node["did"] is not null && form.ContainsKey(path + ".kind") ? Did(node, path, form)
            : node["trait"] is not null && form.ContainsKey(path + ".name") ? Tested("trait", node, path, form)
            : node["computed"] is not null && form.ContainsKey(path + ".name") ? Tested("computed", node, path, form)
            : node["segment"] is not null && form.ContainsKey(path + ".segment") ? new JsonObject { ["segment"] = form[path + ".segment"].ToString() }
            : (JsonObject)node.DeepClone();
    }

    private static JsonArray Each(JsonArray list, string path, IFormCollection form, Func<JsonObject, string, IFormCollection, JsonObject> one) =>
        new([.. list.Select((r, i) => r is JsonObject o ? one(o, $"{path}/{i}", form) : r?.DeepClone())]);

    private static JsonObject Step(JsonObject node, string path, IFormCollection form)
    {
        if (!form.ContainsKey(path + ".kind"))
        {
            return (JsonObject)node.DeepClone();
        }
        var step = Where(new JsonObject { [form[path + ".happens"] == "not" ? "not" : "did"] = form[path + ".kind"].ToString() }, node, path, form);
        if (form.ContainsKey(path + ".within"))
        {
            step["within"] = form[path + ".within"].ToString().Trim() + form[path + ".within_unit"];
        }
        return step;
    }

    private static JsonObject Did(JsonObject node, string path, IFormCollection form)
    {
        var did = Where(new JsonObject { ["did"] = form[path + ".kind"].ToString() }, node, path, form);
        var (measure, comparison) = (form[path + ".measure"].ToString(), form[path + ".compare"].ToString());
        if (measure is "first" or "last")
        {
            did[measure] = true;
        }
        else
        {
            if (Measures.Contains(measure))
            {
                did[measure] = form[path + ".of"].ToString();
            }
            var value = Number(form[path + ".value"].ToString());
            did[Comparisons.Contains(comparison) ? comparison : "at_least"] = comparison == "between" ? new JsonArray(value, Number(form[path + ".to"].ToString())) : value;
        }
        return Windowed(did, node, path, form);
    }

    internal static JsonObject Where(JsonObject fact, JsonObject node, string path, IFormCollection form)
    {
        if (node["where"] is JsonArray { Count: > 0 } tests)
        {
            fact["where"] = Each(tests, path + "/where", form, (t, at, f) => f.ContainsKey(at + ".name") ? Tested("property", t, at, f) : (JsonObject)t.DeepClone());
        }
        return fact;
    }

    private static JsonObject Tested(string named, JsonObject node, string path, IFormCollection form)
    {
        var op = form[path + ".op"].ToString() is var o && Operators.Contains(o) ? o : "is";
        var kind = EnumText.Parse<TestOperator>(op);
        var text = form[path + ".values"].ToString();
        var (_, most) = TestOperators.ValuesOf(kind);
        var values = most > 1 ? text.Split([',', '，'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [text.Trim()];
        var written = (values.Length == 0 ? [""] : values).Select(v => TestOperators.IsOfNumbers(kind) ? Number(v) : JsonValue.Create(v)).ToArray<JsonNode?>();
        return new JsonObject { [named] = form[path + ".name"].ToString(), [op] = most == 0 ? true : most == 1 ? written[0] : new JsonArray(written) };
    }

    private static JsonObject Windowed(JsonObject rule, JsonObject node, string path, IFormCollection form)
    {
        var window = new JsonObject();
        foreach (var name in new[] { "last", "before" })
        {
            if (form[$"{path}.{name}"].ToString().Trim() is { Length: > 0 } count)
            {
                window[name] = count + form[$"{path}.{name}_unit"];
            }
        }
        foreach (var name in new[] { "since", "until" })
        {
            if (form[$"{path}.{name}"].ToString() is { Length: > 0 } day)
            {
                // The form shows the day only; a time of the day beside it stays.
                var before = TextOf((node["window"] as JsonObject)?[name]);
                window[name] = before.StartsWith(day, StringComparison.Ordinal) ? before : day;
            }
        }
        if (window.Count > 0)
        {
            rule["window"] = window;
        }
        return rule;
    }

    /// <summary>What is no number stays as it is, so that the message about it can be read beside it.</summary>
    private static JsonNode Number(string text) => decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : JsonValue.Create(text);

    /// <summary>A value as a field shows it.</summary>
    internal static string TextOf(JsonNode? node) => node switch
    {
        null => "",
        JsonArray list => string.Join(", ", list.Select(TextOf)),
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => node.ToJsonString(),
    };
}
