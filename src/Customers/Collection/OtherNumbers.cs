using System.Text.Json;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Joining;

namespace Wellmet.Customers.Collection;

/// <summary>
/// Further numbers of an account: <c>context.externalIds</c> of the Segment specification (<c>[{ "type": "loyalty_card", "id": "4711" }]</c>) and <c>context.device.id</c>. Only of kinds that the shop's rules let join.
/// </summary>
internal static class OtherNumbers
{
    /// <returns>Values as <see cref="IdentityKind.Custom"/> has them, with their kinds.</returns>
    public static IReadOnlyList<(string Kind, string Value)> Read(JoinBook book, JsonElement own, JsonElement batch)
    {
        var kinds = book.Rules.Told.Select(k => k.Kind).ToHashSet(StringComparer.Ordinal);
        if (kinds.Count == 0)
        {
            return [];
        }
        return [.. Told(own).Concat(Told(batch)).Where(t => t.Kind is not null && kinds.Contains(t.Kind))
            .Select(t => (Kind: t.Kind!, Value: t.Value is null ? "" : PropertySplit.Clean(t.Value).Trim()))
            .Where(t => t.Value.Length is > 0 and <= CollectionLimits.Identifier && !book.Blocked.IsNobody(IdentityKind.Custom, t.Value))
            .DistinctBy(t => t.Kind).Select(t => (t.Kind, $"{t.Kind}:{t.Value}"))];
    }

    private static IEnumerable<(string? Kind, string? Value)> Told(JsonElement context)
    {
        yield return (JoinRules.Device, CallReader.Text(CallReader.Object(context, "device"), "id"));
        if (context.ValueKind == JsonValueKind.Object && context.TryGetProperty("externalIds", out var ids) && ids.ValueKind == JsonValueKind.Array)
        {
            foreach (var id in ids.EnumerateArray().Take(JoinRules.MostOwn))
            {
                yield return (CallReader.Text(id, "type"), CallReader.Text(id, "id"));
            }
        }
    }
}
