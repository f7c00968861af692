using Wellmet.Customers.Identities;
using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Joining;

/// <summary>
/// Keeps what sources prove about who is one person, and lets the merges follow it: a sign-in that arrives late and was the earlier one takes the place of the one in force. What is heard again costs one
/// read for the whole group of events.
/// </summary>
internal static class JoinSubjects
{
    /// <summary>Who makes these merges; whatever anybody else does with a subject stays.</summary>
    public const string Actor = "collection";

    /// <param name="now">When the merges are made.</param>
    public static async Task RunAsync(Transaction tx, IReadOnlyCollection<Evidence> told, JoinRules rules, DateTimeOffset now, CancellationToken ct)
    {
        var news = told.Count == 0 ? [] : await Evidence.NewsAsync(tx, told.Where(e => e.SubjectId != e.UserId), ct);
        if (news.Count == 0)
        {
            return;
        }
        await CustomerLinks.LockAsync(tx, [.. news.SelectMany(n => new[] { n.Evidence.SubjectId, n.Evidence.UserId }).Distinct()], ct);
        await Evidence.WriteAsync(tx, news.Select(n => n.Evidence), ct);
        await FollowAsync(tx, news, rules, now, ct);
    }

    /// <summary>Decides anew about evidence that stands.</summary>
    public static async Task DecideAsync(Transaction tx, IReadOnlyCollection<Evidence> standing, JoinRules rules, DateTimeOffset now, CancellationToken ct)
    {
        await CustomerLinks.LockAsync(tx, [.. standing.SelectMany(e => new[] { e.SubjectId, e.UserId }).Distinct()], ct);
        await FollowAsync(tx, [.. standing.Select(e => (e, false))], rules, now, ct);
    }

    private static async Task FollowAsync(Transaction tx, List<(Evidence Evidence, bool Earlier)> news, JoinRules rules, DateTimeOffset now, CancellationToken ct)
    {
        var known = await KnownEvidence.ReadAsync(tx, news, rules, ct);
        var merges = await MergesAsync(tx, known.Subjects, ct);
        var living = await LivingAsync(tx, [.. known.Subjects.Concat(known.Subjects.SelectMany(known.Of).Select(e => e.UserId)).Distinct()], ct);
        foreach (var subject in known.Subjects.Order())
        {
            await FollowAsync(tx, subject, known, merges.GetValueOrDefault(subject), living, now, ct);
        }
        await known.KeepSharedAsync(tx, now, ct);
    }

    private static async Task FollowAsync(Transaction tx, Guid subject, KnownEvidence known, Link? current, HashSet<Guid> living, DateTimeOffset now, CancellationToken ct)
    {
        var decided = known.Of(subject).Select(e => (Evidence: e, Held: known.Decisions.Of(e))).ToList();
        foreach (var (evidence, held) in decided.Where(d => d.Held != d.Evidence.Held))
        {
            await evidence.HoldAsync(tx, held, ct);
        }
        var wanted = decided.Find(d => d.Held is null).Evidence;
        if (known.Decisions.Stands(subject) || current?.UserId == wanted?.UserId)
        {
            return;
        }
        // Taken back by somebody else meanwhile: what they decided stays.
        if (current is not null && await CustomerMerge.TakeBackAsync(tx, subject, current.MergeId, Actor, now, ct) is null)
        {
            return;
        }
        if (wanted is not null && living.Contains(subject) && living.Contains(wanted.UserId) && !await IsCircleAsync(tx, wanted, ct))
        {
            await CustomerMerge.WriteAsync(tx, new MergeEntry(subject, Id.New(), wanted.UserId, "merged", EnumText.Of(ReasonOf(wanted.Kind)), Actor, now), ct);
        }
    }

    private static async Task<bool> IsCircleAsync(Transaction tx, Evidence wanted, CancellationToken ct)
    {
        var customers = await CustomerLinks.CustomersOfAsync(tx, [wanted.SubjectId, wanted.UserId], ct);
        return customers[wanted.SubjectId] != wanted.SubjectId || customers[wanted.UserId] == wanted.SubjectId;
    }

    private static async Task<HashSet<Guid>> LivingAsync(Transaction tx, IReadOnlyCollection<Guid> subjects, CancellationToken ct)
    {
        var living = new HashSet<Guid>();
        foreach (var page in subjects.Chunk(1000))
        {
            living.UnionWith(await tx.QueryAsync("select subject_id from customers_subjects where subject_id in @page and erased_at is null", new { page }, r => r.Guid(0), ct));
        }
        return living;
    }

    public static MergeReason ReasonOf(string kind) => kind == JoinRules.Browser ? MergeReason.SignedIn
        : kind == JoinRules.Email ? MergeReason.SameEmail : kind == JoinRules.Phone ? MergeReason.SamePhone : MergeReason.SameNumber;

    private static async Task<Dictionary<Guid, Link>> MergesAsync(Transaction tx, IReadOnlyCollection<Guid> subjects, CancellationToken ct)
    {
        var merges = new Dictionary<Guid, Link>();
        foreach (var page in subjects.Chunk(1000))
        {
            var rows = await tx.QueryAsync("select subject_id, merge_id, kept_id from customers_merges where subject_id in @page", new { page }, r => (Subject: r.Guid(0), Link: new Link(r.Guid(1), r.Guid(2))), ct);
            rows.ForEach(r => merges[r.Subject] = r.Link);
        }
        return merges;
    }

    private sealed record Link(Guid MergeId, Guid UserId);
}
