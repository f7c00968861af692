using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Segments.Contract;
using Wellmet.Segments.Definitions;
using Wellmet.Segments.Rules;

namespace Wellmet.Segments.ComputedTraits;

/// <summary>A computed trait as lists and its page show it.</summary>
/// <param name="UsedBy">The segments in force whose rules name it.</param>
public sealed record ComputedTraitRow(Guid TraitId, string Name, string Description, bool Archived, int Version, DateTimeOffset MadeAt, string MadeBy, TraitFormula Formula, IReadOnlyList<TraitUse> UsedBy);

/// <summary>A segment whose rule asks a computed trait.</summary>
public sealed record TraitUse(Guid SegmentId, string Name);

/// <summary>Lists computed traits, and reads one.</summary>
public sealed class ListComputedTraits(Database database, CurrentActor actor)
{
    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<ComputedTraitRow>> RunAsync(bool archived, CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Read);
        return await database.ReadAsync(s => QueryAsync(s, "t.archived = @archived", new { archived }, ct), ct);
    }

    /// <returns>Null where there is none.</returns>
    public async Task<ComputedTraitRow?> OneAsync(Guid traitId, CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Read);
        return (await database.ReadAsync(s => QueryAsync(s, "t.trait_id = @traitId", new { traitId }, ct), ct)).FirstOrDefault();
    }

    private static async Task<List<ComputedTraitRow>> QueryAsync(Session session, string which, object parameters, CancellationToken ct)
    {
        var uses = await UsesAsync(session, ct);
        return await session.QueryAsync($"""
            select t.trait_id, t.name, t.description, t.archived, t.version, t.made_at, t.made_by, v.formula
            from segments_traits t join segments_trait_versions v on v.trait_id = t.trait_id and v.version = t.version where {which} order by lower(t.name)
            """, parameters, r => new ComputedTraitRow(r.Guid(0), r.Text(1), r.Text(2), r.Bool(3), r.Int(4), r.Time(5), r.Text(6), TraitFormulaJson.Read(r.Text(7)), [.. uses[r.Guid(0)]]), ct);
    }

    /// <summary>By computed trait, the segments in force whose rules name it, by name.</summary>
    internal static async Task<ILookup<Guid, TraitUse>> UsesAsync(Session session, CancellationToken ct) => (await session.QueryAsync("""
        select s.segment_id, s.name, v.rule from segments_segments s join segments_versions v on v.segment_id = s.segment_id and v.version = s.version where s.state <> 'archived' order by lower(s.name)
        """, null, r => (Use: new TraitUse(r.Guid(0), r.Text(1)), Rule: RuleJson.Read(r.Text(2))), ct))
        .SelectMany(s => SaveSegment.NamedBy(s.Rule).Distinct().Select(t => (Trait: t, s.Use))).ToLookup(p => p.Trait, p => p.Use);

    /// <summary>The formulas in force; all of them, as an archived one may still be asked by a segment that was brought back.</summary>
    /// <param name="at">A moment of the past; null for now.</param>
    internal static async Task<Dictionary<Guid, TraitFormula>> FormulasAsync(Session session, DateTimeOffset? at, CancellationToken ct) => (await session.QueryAsync($"""
        select v.trait_id, v.formula from segments_trait_versions v where v.version =
        ({(at is null ? "select t.version from segments_traits t where t.trait_id = v.trait_id" : "select max(l.version) from segments_trait_versions l where l.trait_id = v.trait_id and l.made_at <= @when")})
        """, new { when = at ?? default }, r => (Id: r.Guid(0), Formula: TraitFormulaJson.Read(r.Text(1))), ct)).ToDictionary(t => t.Id, t => t.Formula);
}
