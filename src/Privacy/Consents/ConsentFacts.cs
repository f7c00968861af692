using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Contract;
using Wellmet.Privacy.Rules;

namespace Wellmet.Privacy.Consents;

/// <summary>The latest time at which a subject said something, for one purpose.</summary>
/// <param name="Confirmed">By a double opt-in.</param>
/// <param name="Token">Of the address it was said for; null where it was for none, or for all.</param>
internal sealed record ConsentFact(Guid SubjectId, Channel Channel, ConsentDecision Decision, bool Confirmed, string? Token, DateTimeOffset At)
{
    /// <summary>What the subjects said about a purpose, on this channel and on all: only the latest of each kind, so that it takes a few rows for each, whatever the order in which they came.</summary>
    public static async Task<List<ConsentFact>> ReadAsync(Session session, DataUse use, IEnumerable<Guid> subjects, CancellationToken ct)
    {
        var facts = new List<ConsentFact>();
        foreach (var page in subjects.Distinct().Chunk(1000))
        {
            facts.AddRange(await session.QueryAsync("""
                select subject_id, channel, decision, source = 'double_opt_in', address_token, max(occurred_at) from privacy_consents
                where subject_id in @page and purpose = @Purpose and (channel = @Channel or channel = 'any') and decision in ('given', 'not_refused', 'withdrawn', 'lifted')
                group by subject_id, channel, decision, source = 'double_opt_in', address_token
                """, new { page, use.Purpose, use.Channel },
                r => new ConsentFact(r.Guid(0), r.Enum<Channel>(1), r.Enum<ConsentDecision>(2), r.Bool(3), r.BytesOrNull(4) is { } token ? Convert.ToHexString(token) : null, r.Time(5)), ct));
        }
        return facts;
    }
}

/// <summary>
/// The rule by which facts become a decision. A withdrawal of one subject counts for the whole customer until that subject gives again, later; at the same
/// time the withdrawal wins. A consent counts for the address it was given for, and where there is none for the subject that gave it. So joining two
/// customers never allows what was not allowed to one of them, and no order of arrival changes anything. Taking an objection back ends the objection; it is no
/// consent, and brings none back that was given before.
/// </summary>
internal static class ConsentState
{
    /// <param name="facts">Of all subjects of the customer.</param>
    /// <param name="token">Of the address that is asked about; null for a channel without addresses.</param>
    /// <param name="suppressedAt">When the holder of the address withdrew, whoever they were; null for never.</param>
    public static PurposeDecision Decide(PurposeRule rule, DataUse use, Guid subject, IReadOnlyCollection<ConsentFact> facts, string? token, DateTimeOffset? suppressedAt, DateTimeOffset now)
    {
        var relevant = facts.Where(f => f.Token is null || f.Token == token).ToList();
        var withdrawn = relevant.Where(f => f.Decision == ConsentDecision.Withdrawn).ToLookup(f => f.SubjectId, f => f.At);
        var given = relevant.Where(f => f.Decision == ConsentDecision.Given && (rule.Basis != LegalBasis.ConfirmedConsent || f.Confirmed)).ToList();
        var lifted = relevant.Where(f => f.Decision == ConsentDecision.Lifted).ToList();
        var own = given.Where(f => f.Channel == use.Channel && IsFor(f) && Stands(f)).Select(f => (DateTimeOffset?)f.At).Max();
        var opened = rule.NeedsConsent ? own : lifted.Where(f => f.SubjectId == subject).Select(f => (DateTimeOffset?)f.At).Append(own).Max();
        if (relevant.GroupBy(f => f.SubjectId).Any(s => IsWithdrawn(s, given.Concat(lifted).Where(g => g.SubjectId == s.Key), use)) || suppressedAt >= (opened ?? DateTimeOffset.MinValue))
        {
            return new PurposeDecision(false, rule.NeedsConsent ? "withdrawn" : "objected");
        }
        if (!rule.NeedsConsent || own is not null)
        {
            return new PurposeDecision(true, EnumText.Of(rule.Basis));
        }
        var soft = rule.SoftOptIn && relevant.Any(f => f.Decision == ConsentDecision.NotRefused && f.Channel == use.Channel && IsFor(f) && Stands(f)
            && (rule.SoftOptInDays is not { } days || now < f.At.AddDays(days)));
        return soft ? new PurposeDecision(true, "soft_opt_in") : new PurposeDecision(false, "consent_missing");

        bool Stands(ConsentFact fact) => withdrawn[fact.SubjectId].All(at => at < fact.At);

        bool IsFor(ConsentFact fact) => token is not null ? fact.Token == token : fact.SubjectId == subject;
    }

    /// <summary>What is withdrawn for all channels ends with a consent to this one, or when it is lifted for all; what is withdrawn for this one only with a consent to it.</summary>
    private static bool IsWithdrawn(IEnumerable<ConsentFact> said, IEnumerable<ConsentFact> ending, DataUse use)
    {
        var withdrawn = said.Where(f => f.Decision == ConsentDecision.Withdrawn).ToLookup(f => f.Channel, f => (DateTimeOffset?)f.At);
        var lifted = ending.ToLookup(f => f.Channel, f => (DateTimeOffset?)f.At);
        var onChannel = lifted[use.Channel].Max() ?? DateTimeOffset.MinValue;
        var onAny = lifted[Channel.Any].Max() ?? DateTimeOffset.MinValue;
        return withdrawn[use.Channel].Max() >= onChannel || withdrawn[Channel.Any].Max() >= (onAny > onChannel ? onAny : onChannel);
    }
}
