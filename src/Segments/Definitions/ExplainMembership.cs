using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Segments.ComputedTraits;
using Wellmet.Segments.Contract;
using Wellmet.Segments.Histories;
using Wellmet.Segments.Members;
using Wellmet.Segments.Rules;

namespace Wellmet.Segments.Definitions;

/// <summary>Why a customer belonged to a segment at a moment, or did not.</summary>
/// <param name="At">The moment.</param>
/// <param name="Version">Of the rule that was in force then.</param>
/// <param name="Recorded">Whether the customer was held to belong then; null before the segment was filled for the first time.</param>
/// <param name="Since">From when on, where they were.</param>
public sealed record ExplainedMembership(Guid CustomerId, DateTimeOffset At, int Version, bool? Recorded, DateTimeOffset? Since, Explanation Why);

/// <summary>Answers by the same rule, asked of the same facts, that decides who belongs: of those that had been heard of by then.</summary>
public sealed class ExplainMembership(Database database, Vocabulary vocabulary, SegmentBook book, ICustomers customers, CurrentActor actor, TimeProvider time)
{
    /// <param name="at">Null for now.</param>
    /// <returns>Null where there was no such segment, or there is no such customer.</returns>
    public async Task<ExplainedMembership?> RunAsync(Guid segmentId, Guid subject, DateTimeOffset? at, CancellationToken ct)
    {
        actor.Demand(SegmentsPermissions.Read);
        actor.Demand(CustomersPermissions.Read);
        // A moment of the past is asked of the customer as it was: whoever was merged into another since was one of their own.
        var customer = at is null ? (await customers.CustomersOfAsync([subject], ct)).GetValueOrDefault(subject, subject) : subject;
        var when = at ?? time.GetUtcNow();
        var found = await database.ReadAsync(async session =>
        {
            // All of them: one may name another, as it was then.
            var versions = (await session.QueryAsync("""
                select v.segment_id, v.version, v.rule, s.visitors, s.filled_at from segments_versions v join segments_segments s on s.segment_id = v.segment_id
                where v.version = (select max(l.version) from segments_versions l where l.segment_id = v.segment_id and l.made_at <= @when)
                """, new { when }, r => (Id: r.Guid(0), Version: r.Int(1), Rule: RuleJson.Read(r.Text(2)), Visitors: r.Bool(3), FilledAt: r.TimeOrNull(4)), ct)).ToDictionary(v => v.Id);
            var version = versions.GetValueOrDefault(segmentId);
            var since = await session.FirstAsync("""
                select entered_at from (
                  select entered_at from segments_members where segment_id = @segmentId and subject_id = @customer and entered_at <= @when
                  union all select entered_at from segments_stays where segment_id = @segmentId and subject_id = @customer and entered_at <= @when and left_at > @when) stays
                """, new { segmentId, customer, when }, r => r.TimeOrNull(0), ct);
            var subjects = at is null ? await session.QueryAsync(HistoryStore.SubjectsNow, new { customer }, r => r.Guid(0), ct) : await HistoryStore.SubjectsAtAsync(session, customer, when, ct);
            return (Of: version, Rules: versions.ToDictionary(v => v.Key, v => SegmentBook.Whole(v.Value.Rule, v.Value.Visitors)), Traits: await ListComputedTraits.FormulasAsync(session, when, ct), Since: since, Histories: await HistoryStore.ReadAsync(session, subjects, ct));
        }, ct);
        if (found.Of.Rule is null || found.Histories.Count == 0)
        {
            return null;
        }
        await database.ReadAsync(s => vocabulary.ReadAsync(s, ct), ct);
        var opened = await book.OpenAsync(ct);
        var rule = at is null && opened.Segments.FirstOrDefault(s => s.SegmentId == segmentId) is { } live && live.Version == found.Of.Version
            ? live.Rule
            : (await book.CompileAsync([SegmentBook.Whole(found.Of.Rule, found.Of.Visitors)], opened.Around with { Segments = found.Rules, Traits = found.Traits }, ct))[0];
        var moment = new Moment { Histories = [.. found.Histories.Values.Select(h => h.Facts)], Now = Fact.Milliseconds(when), KnownBy = at is null ? long.MaxValue : Fact.Milliseconds(when) };
        return new ExplainedMembership(customer, when, found.Of.Version, found.Of.FilledAt is null || found.Of.FilledAt > when ? null : found.Since is not null, found.Since, rule.Explain(moment));
    }
}
