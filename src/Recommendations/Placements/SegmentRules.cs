using Wellmet.Recommendations.Serving;
using Wellmet.Segments.Contract;

namespace Wellmet.Recommendations.Placements;

/// <summary>What holds at a placement for those who belong to a segment, in place of the placement's own rules.</summary>
public sealed record SegmentRules(Guid SegmentId, ListRules Rules)
{
    /// <summary>More segments than this have no rules of their own at one placement.</summary>
    public const int Most = 20;
}

/// <summary>Finds the rules that hold for a customer: those of the first of the placement's segments that the customer belongs to, else the placement's own.</summary>
public sealed class ChooseRules(ISegments segments, CustomerPermission permission)
{
    /// <param name="customer">Null for somebody unknown. Who objects to being picked out for gets what anybody gets.</param>
    /// <returns>Null where the placement's own rules hold.</returns>
    public async Task<SegmentRules?> OfAsync(Placement placement, Guid? customer, CancellationToken ct)
    {
        if (placement.ForSegments.Count == 0 || customer is not { } id || await permission.SubjectsAsync(id, ct) is not [var subject, ..])
        {
            return null;
        }
        var belongs = await segments.OfAsync(subject, ct);
        return placement.ForSegments.FirstOrDefault(s => belongs.Contains(s.SegmentId));
    }
}
