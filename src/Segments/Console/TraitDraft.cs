using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Wellmet.Segments.Rules;

namespace Wellmet.Segments.Console;

/// <summary>A formula while it is edited: JSON as <see cref="TraitFormulaJson"/> reads it, or not yet. The form holds everything; nothing is kept between two requests.</summary>
public sealed class TraitDraft(JsonObject root)
{
    public JsonObject Root { get; } = root;

    public string Text => Root.ToJsonString(RuleDraft.Readable);

    /// <summary>Which aggregation is chosen, as JSON names it.</summary>
    public string Aggregation => TraitFormulaJson.Names.FirstOrDefault(n => Root[n] is not null) ?? "count";

    public static TraitDraft Of(string text) => new(JsonNode.Parse(text) as JsonObject ?? []);

    /// <summary>What was sent: the formula's text, and the fields over it.</summary>
    public static TraitDraft Of(IFormCollection form)
    {
        var text = form["formula"].ToString();
        var node = RuleDraft.Parse(text.Length > EditorRoutes.LongestRule ? "" : text) ?? [];
        var root = RuleDraft.Where(new JsonObject { ["did"] = form["kind"].ToString() }, node, "", form);
        var (aggregation, of) = (TraitFormulaJson.Names.Contains(form["aggregation"].ToString()) ? form["aggregation"].ToString() : "count", form["of"].ToString().Trim());
        root[aggregation] = aggregation == "count" || (of.Length == 0 && aggregation is "first" or "last") ? true : of;
        if (form["last"].ToString().Trim() is { Length: > 0 } count)
        {
            root["window"] = new JsonObject { ["last"] = count + form["last_unit"] };
        }
        return new TraitDraft(root);
    }

    /// <param name="op"><c>add:test</c> adds a test of a property, <c>remove:test:0</c> takes one away; anything else changes nothing.</param>
    public void Apply(string? op)
    {
        if (op == "add:test")
        {
            (Root["where"] as JsonArray ?? (JsonArray)(Root["where"] = new JsonArray())).Add(RuleDraft.NewTest());
        }
        else if (op?.Split(':') is ["remove", "test", var index] && Root["where"] is JsonArray tests && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var i) && i < tests.Count)
        {
            tests.RemoveAt(i);
        }
    }
}
