using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Serving;
using Wellmet.Segments.Contract;

namespace Wellmet.Recommendations.Placements;

/// <summary>Gives the customers of a segment rules of their own at a placement. They hold from the next answer on, on every node.</summary>
public sealed class ArrangeForSegments(Database database, ArrangePlacement arrange, ISegments segments, AuditLog audit, CurrentActor actor, TimeProvider time)
{
    /// <summary>Sets the rules; those of a segment that had none yet come last.</summary>
    /// <exception cref="ProblemException"><c>segment_unknown</c>, <c>segment_rules_many</c>, <c>placement_unknown</c> (404); what is wrong with rules, see <see cref="ArrangePlacement.SaveAsync"/>.</exception>
    public async Task SaveAsync(string name, Guid segmentId, ListRules rules, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Arrange);
        await arrange.DemandRulesAsync(rules, ct);
        if ((await segments.AllAsync(ct)).All(s => s.SegmentId != segmentId))
        {
            throw new ProblemException("segment_unknown", "This segment does not exist, or is archived.");
        }
        await ChangeAsync(name, standing =>
        {
            var own = new SegmentRules(segmentId, rules);
            return standing.Any(s => s.SegmentId == segmentId) ? [.. standing.Select(s => s.SegmentId == segmentId ? own : s)]
                : standing.Count < SegmentRules.Most ? [.. standing, own]
                : throw new ProblemException("segment_rules_many", "{0} segments have rules of their own at this placement already. Remove one first.", 400, SegmentRules.Most);
        }, ct);
    }

    /// <summary>Lets the placement's own rules hold again for the segment; nothing happens where it has none.</summary>
    public async Task RemoveAsync(string name, Guid segmentId, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Arrange);
        await ChangeAsync(name, standing => [.. standing.Where(s => s.SegmentId != segmentId)], ct);
    }

    /// <summary>Puts the segment before all others: who belongs to several gets its rules.</summary>
    public async Task PutFirstAsync(string name, Guid segmentId, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Arrange);
        await ChangeAsync(name, standing => [.. standing.OrderBy(s => s.SegmentId == segmentId ? 0 : 1)], ct);
    }

    private Task ChangeAsync(string name, Func<IReadOnlyList<SegmentRules>, IReadOnlyList<SegmentRules>> change, CancellationToken ct) => database.WriteAsync(async tx =>
    {
        var now = time.GetUtcNow();
        // One that stands as it came has no row yet, which would bear the change and hold off a second one.
        await PlacementStore.LockAsync(tx, name, now, ct);
        var placement = await PlacementStore.ReadAsync(tx, name, ct) ?? throw new ProblemException("placement_unknown", "There is no such placement.", 404);
        await PlacementStore.WriteForSegmentsAsync(tx, name, change(placement.ForSegments), now, ct);
        await audit.RecordAsync(tx, "placement.changed", $"placement:{name}", reason: null, ct, "segments");
    }, ct);
}
