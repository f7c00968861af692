using Wellmet.Segments.Definitions;
using Wellmet.Segments.Members;
using Wellmet.Segments.Rules;

namespace Wellmet.Tests.Segments;

/// <summary>What tests do with the segments of a shop.</summary>
internal static class SegmentsInShop
{
    /// <summary>Makes a segment of everybody who ordered, and asks everybody.</summary>
    public static async Task<Guid> SegmentAsync(this WebShop shop)
    {
        var id = Guid.Empty;
        await shop.UseAsync<SaveSegment>(async save => id = await save.RunAsync(null, new SegmentDraft("Ordered", "", RuleJson.Read("""{"did":"Order Placed"}""")), default));
        await shop.UseAsync<FillSegment>(f => f.RunAsync(id, default));
        return id;
    }

    /// <summary>Makes a list with nobody on it.</summary>
    public static async Task<Guid> ListAsync(this WebShop shop, string name = "Guests")
    {
        var id = Guid.Empty;
        await shop.UseAsync<SaveSegment>(async save => id = await save.RunAsync(null, SegmentDraft.List(name, ""), default));
        return id;
    }
}
