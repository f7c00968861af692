using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Segments.Contract;
using Wellmet.Segments.Members;
using Wellmet.Segments.Rules;

namespace Wellmet.Segments.Definitions;

/// <summary>How sets of customers are joined.</summary>
public enum SetOperation
{
    /// <summary>In at least one.</summary>
    Union,

    /// <summary>In all.</summary>
    Intersection,

    /// <summary>In the first and in none of the others.</summary>
    Difference,
}

/// <summary>Customers who belong to exactly these segments of those that are compared.</summary>
/// <param name="Of">One bit for each segment, the first the lowest.</param>
public sealed record Region(int Of, long Size)
{
    public bool Has(int index) => (Of >> index & 1) == 1;

    /// <param name="count">How many segments are compared.</param>
    public bool IsIn(SetOperation operation, int count) => operation switch
    {
        SetOperation.Union => Of != 0,
        SetOperation.Intersection => Of == (1 << count) - 1,
        _ => Of == 1,
    };
}

/// <summary>Segments beside each other.</summary>
/// <param name="Regions">Those that hold somebody.</param>
public sealed record Overlap(IReadOnlyList<SegmentRow> Segments, IReadOnlyList<Region> Regions)
{
    public long SizeOf(SetOperation operation) => Regions.Where(r => r.IsIn(operation, Segments.Count)).Sum(r => r.Size);
}

/// <summary>Shows how segments overlap, and joins them to a new one, which follows them.</summary>
public sealed class CombineSegments(Database database, ListSegments list, SaveSegment save, CurrentActor actor)
{
    /// <summary>Most segments that are compared.</summary>
    public const int Most = 5;

    /// <param name="ids">In the order in which they are joined: what is taken away stands behind the first.</param>
    /// <exception cref="ProblemException"><c>segments_to_combine</c>, <c>segment_missing</c> (404).</exception>
    public async Task<Overlap> RunAsync(IReadOnlyList<Guid> ids, CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Read);
        var distinct = ids.Distinct().ToList();
        if (distinct.Count is < 2 or > Most)
        {
            throw new ProblemException("segments_to_combine", "Choose 2 to {0} segments.", 400, Most);
        }
        var all = (await list.RunAsync(archived: false, ct)).ToDictionary(s => s.SegmentId);
        var chosen = distinct.ConvertAll(id => all.GetValueOrDefault(id) ?? throw SaveSegment.Missing());
        var bits = string.Concat(Enumerable.Range(0, distinct.Count).Select(i => $" when @id{i} then {1 << i}"));
        var parameters = distinct.Select((id, i) => ($"id{i}", (object?)id)).Append(("distinct", distinct)).ToDictionary(p => p.Item1, p => p.Item2);
        var regions = await database.ReadAsync(s => s.QueryAsync($"""
            select place, count(*) from (select sum(case segment_id{bits} else 0 end) as place from segments_members where segment_id in @distinct group by subject_id) p group by place order by place
            """, parameters, r => new Region(r.Int(0), r.Long(1)), ct), ct);
        return new Overlap(chosen, regions);
    }

    /// <summary>Makes a segment whose rule names the others.</summary>
    /// <exception cref="ProblemException">As above, and what keeps a segment from being made.</exception>
    public async Task<Guid> SaveAsync(IReadOnlyList<Guid> ids, SetOperation operation, string name, string description, CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Edit);
        var chosen = (await RunAsync(ids, ct)).Segments;
        // Whoever is in a segment is in it by its own rule, visitors where it takes them in.
        return await save.RunAsync(null, new SegmentDraft(name, description, RuleOf([.. chosen.Select(s => s.SegmentId)], operation), Visitors: chosen.Any(s => s.Visitors)), ct);
    }

    internal static Rule RuleOf(IReadOnlyList<Guid> ids, SetOperation operation)
    {
        List<Rule> named = [.. ids.Select(id => new InSegment(id))];
        return operation switch
        {
            SetOperation.Union => new AnyOf(named),
            SetOperation.Intersection => new AllOf(named),
            _ => new AllOf([named[0], new Not(new AnyOf(named[1..]))]),
        };
    }
}
