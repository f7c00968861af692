using System.Collections.Frozen;
using System.Text.Json;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Purposes;

namespace Wellmet.Customers.Collection;

/// <summary>
/// What a browser says against the use of a person's data: Global Privacy Control (the header <c>Sec-GPC: 1</c>, or <c>gpc</c> in the context), and the
/// choices of the shop's banner (<c>context.consent.categoryPreferences</c> of Segment's specification). A refusal counts, whoever sends it; an agreement
/// does not, because anybody can send it.
/// </summary>
internal static class PrivacySignals
{
    /// <summary>What Global Privacy Control stands for: no sale or sharing, no profile, no measuring across pages; all that a browser can refuse.</summary>
    private static readonly Purpose[] OfGpc = [Purpose.Measurement, Purpose.Personalisation, Purpose.Export];

    /// <summary>Names of categories as the usual banners write them, without case and punctuation. A refusal of any other may stand for any purpose.</summary>
    private static readonly FrozenDictionary<string, Purpose> Categories = new Dictionary<string, Purpose>
    {
        ["analytics"] = Purpose.Measurement, ["measurement"] = Purpose.Measurement, ["performance"] = Purpose.Measurement, ["statistics"] = Purpose.Measurement,
        ["functional"] = Purpose.Personalisation, ["personalization"] = Purpose.Personalisation, ["personalisation"] = Purpose.Personalisation, ["preferences"] = Purpose.Personalisation,
        ["advertising"] = Purpose.Export, ["marketing"] = Purpose.Export, ["targeting"] = Purpose.Export, ["datasharing"] = Purpose.Export, ["sharing"] = Purpose.Export, ["saleofdata"] = Purpose.Export,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <param name="own">The context of the event, which goes before that of the batch.</param>
    public static IReadOnlyList<Purpose> Read(CollectionSource source, JsonElement own, JsonElement batch)
    {
        var gpc = source.PrivacyControl || IsTrue(own, "gpc") || IsTrue(batch, "gpc") || IsTrue(own, "globalPrivacyControl") || IsTrue(batch, "globalPrivacyControl");
        var chosen = Preferences(own) is var preferences && preferences.GetPropertyCount() > 0 ? preferences : Preferences(batch);
        var refused = chosen.EnumerateObject().Where(c => c.Value.ValueKind == JsonValueKind.False).SelectMany(c => PurposesOf(c.Name));
        return [.. (gpc ? OfGpc : []).Concat(refused).Distinct().Order()];
    }

    /// <summary>One signal for each person and minute: a browser repeats it with every call.</summary>
    public static IEnumerable<PrivacySignalled> Of(IEnumerable<Collected> collected) =>
        from c in collected
        where c.Event.Refused.Count > 0
        group c by (c.SubjectId, PrivacySignalled.MinuteOf(c.Event.OccurredAt)) into said
        select new PrivacySignalled(said.Key.SubjectId, said.Key.Item2, [.. said.SelectMany(c => c.Event.Refused).Distinct().Order()]);

    private static JsonElement Preferences(JsonElement context) => CallReader.Object(CallReader.Object(context, "consent"), "categoryPreferences");

    private static bool IsTrue(JsonElement context, string name) =>
        context.ValueKind == JsonValueKind.Object && context.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static IReadOnlyList<Purpose> PurposesOf(string category) =>
        Categories.TryGetValue(string.Concat(category.Where(char.IsAsciiLetter)), out var purpose) ? [purpose] : OfGpc;
}
