using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Customers.Profiles;
using Wellmet.Platform.Access;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Joining;

/// <summary>Something that a source proved and that was not joined.</summary>
/// <param name="Identity">By what the subject is known; masked where the viewer may not see personal data. Null where nothing is left, or it may not be used.</param>
/// <param name="User">The account's customer.</param>
public sealed record HeldBack(Guid SubjectId, Guid UserId, string Kind, CustomerIdentity? Identity, CustomerProfile User, HoldReason Reason, DateTimeOffset At);

/// <summary>A value that was found to belong to too many.</summary>
/// <param name="Of">Accounts that use it, or for an account browsers that it was told of.</param>
public sealed record SharedValue(Guid SubjectId, string Kind, CustomerIdentity? Identity, long Of, DateTimeOffset FoundAt);

/// <summary>What the rules are, and what they held back.</summary>
public sealed class ListHeld(Database database, CurrentJoinRules current, ProfileReader profiles, IPurposeGate gate, CurrentActor actor)
{
    /// <summary>The latest that are shown.</summary>
    public const int Most = 100;

    /// <summary>Of these people decide; the others were decided.</summary>
    public static readonly IReadOnlyList<HoldReason> Shown = [HoldReason.OtherAccount, HoldReason.Limit, HoldReason.TwoAccounts, HoldReason.SharedValue, HoldReason.SharedAccount];

    /// <param name="Blocked">The shop's own list; null for who may not change it.</param>
    public sealed record Page(JoinRules Rules, IReadOnlyList<string>? Blocked, IReadOnlyList<HeldBack> Held, IReadOnlyList<SharedValue> Shared);

    /// <param name="reason">Only what was held back for it; null for all.</param>
    public async Task<Page> RunAsync(HoldReason? reason, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Edit);
        var book = await current.ReadAsync(ct);
        var (held, shared) = await database.ReadAsync(async s => (await HeldAsync(s, reason, ct), await SharedAsync(s, ct)), ct);
        var customers = await database.ReadAsync(s => CustomerLinks.CustomersOfAsync(s, [.. held.SelectMany(h => new[] { h.SubjectId, h.UserId }).Concat(shared.Select(v => v.Subject))], ct), ct);
        var allowed = await gate.AskAsync(new DataUse(Purpose.Service), customers.Keys.ToList(), ct);
        var known = await profiles.ReadAsync([.. customers.Values.Distinct()], ct);
        CustomerIdentity? Known(Guid subject) => allowed[subject].Allowed ? known[customers[subject]].Identities.FirstOrDefault(i => i.SubjectId == subject) : null;
        return new Page(book.Rules, actor.May(CustomersPermissions.MergeAutomatically) ? book.Blocked.Own : null,
            [.. held.Where(h => allowed[h.UserId].Allowed).Select(h => new HeldBack(h.SubjectId, h.UserId, h.Kind, Known(h.SubjectId), known[customers[h.UserId]], h.Held!.Value, h.At))],
            [.. shared.Select(v => new SharedValue(v.Subject, v.Kind, Known(v.Subject), v.Of, v.FoundAt))]);
    }

    private static Task<List<Evidence>> HeldAsync(Session session, HoldReason? reason, CancellationToken ct) => session.QueryAsync("""
        select e.subject_id, e.user_id, e.kind, e.said_at, e.token, e.source_id, e.held from customers_evidence e
        join customers_links a on a.subject_id = e.subject_id join customers_links b on b.subject_id = e.user_id and b.customer_id <> a.customer_id
        where e.held in @reasons order by e.said_at desc, e.subject_id, e.user_id limit @Most
        """, new { reasons = (reason is { } one ? [one] : Shown).Select(r => EnumText.Of(r)), Most }, Evidence.Read, ct);

    private static Task<List<(Guid Subject, string Kind, DateTimeOffset FoundAt, long Of)>> SharedAsync(Session session, CancellationToken ct) => session.QueryAsync("""
        select s.subject_id, s.kind, s.found_at, (select count(*) from customers_evidence e where e.subject_id = s.subject_id) + (select count(*) from customers_evidence e where e.user_id = s.subject_id)
        from customers_shared s where s.allowed = @no order by s.found_at desc, s.subject_id limit @Most
        """, new { no = false, Most }, r => (r.Guid(0), r.Text(1), r.Time(2), r.Long(3)), ct);
}
