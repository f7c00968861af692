using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Segments.Contract;
using Wellmet.Segments.Members;
using Wellmet.Segments.Rules;

namespace Wellmet.Segments.Definitions;

/// <summary>A segment as lists and its page show it.</summary>
/// <param name="Size">Who belongs now; while it is being filled, who was found so far.</param>
/// <param name="Share">Of all who could belong when everybody was asked last, 0 to 1; null before, and where there was nobody.</param>
public sealed record SegmentRow(Guid SegmentId, string Name, string Description, SegmentState State, int Version, bool Visitors, DateTimeOffset MadeAt, string MadeBy, Rule Rule, long Size, double? Share)
{
    public SegmentKind Kind { get; init; }

    /// <summary>Key of the template that it was made from; null for none.</summary>
    public string? Template { get; init; }
}

/// <summary>Lists segments, and reads one.</summary>
public sealed class ListSegments(Database database, CurrentActor actor)
{
    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<SegmentRow>> RunAsync(bool archived, CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Read);
        return await database.ReadAsync(s => QueryAsync(s, archived ? "s.state = 'archived'" : "s.state <> 'archived'", new { }, ct), ct);
    }

    /// <returns>Null where there is none.</returns>
    public async Task<SegmentRow?> OneAsync(Guid segmentId, CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Read);
        return (await database.ReadAsync(s => QueryAsync(s, "s.segment_id = @segmentId", new { segmentId }, ct), ct)).FirstOrDefault();
    }

    /// <summary>What rules call the computed traits that they name; the archived ones come last.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> TraitNamesAsync(CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Read);
        return (await database.ReadAsync(s => s.QueryAsync("select trait_id, name from segments_traits order by archived, lower(name)", null, r => (Id: r.Guid(0), Name: r.Text(1)), ct), ct)).ToDictionary(t => t.Id, t => t.Name);
    }

    /// <summary>Computed traits that new rules cannot name.</summary>
    public async Task<IReadOnlySet<Guid>> ArchivedTraitsAsync(CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Read);
        return (await database.ReadAsync(s => s.QueryAsync("select trait_id from segments_traits where archived", null, r => r.Guid(0), ct), ct)).ToHashSet();
    }

    /// <summary>Lists in force, by name; without their sizes.</summary>
    public async Task<IReadOnlyList<(Guid Id, string Name)>> ListsAsync(CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Read);
        return await database.ReadAsync(s => s.QueryAsync("select segment_id, name from segments_segments where kind = 'list' and state <> 'archived' order by lower(name)", null, r => (r.Guid(0), r.Text(1)), ct), ct);
    }

    /// <summary>Segments in force whose rules name this one.</summary>
    public async Task<IReadOnlyList<(Guid Id, string Name)>> NamedByAsync(Guid segmentId, CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Read);
        return await database.ReadAsync(s => SaveSegment.DependentsAsync(s, segmentId, ct), ct);
    }

    private static Task<List<SegmentRow>> QueryAsync(Session session, string which, object parameters, CancellationToken ct) => session.QueryAsync($"""
        select s.segment_id, s.name, s.description, s.state, s.version, s.visitors, s.made_at, s.made_by, v.rule, (select count(*) from segments_members m where m.segment_id = s.segment_id), s.asked, s.kind, s.template
        from segments_segments s join segments_versions v on v.segment_id = s.segment_id and v.version = s.version where {which} order by lower(s.name)
        """, parameters, r => new SegmentRow(r.Guid(0), r.Text(1), r.Text(2), r.Enum<SegmentState>(3), r.Int(4), r.Bool(5), r.Time(6), r.Text(7), RuleJson.Read(r.Text(8)), r.Long(9),
            r.LongOrNull(10) is { } asked and > 0 ? Math.Min(1, (double)r.Long(9) / asked) : null)
        {
            Kind = r.Enum<SegmentKind>(11), Template = r.TextOrNull(12),
        }, ct);
}
