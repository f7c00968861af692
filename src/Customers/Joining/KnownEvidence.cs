using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Joining;

/// <summary>
/// All evidence that news can change the meaning of: that of the subjects which the news names, and of those that other accounts, limits or shared values decide about anew because of it.
/// </summary>
internal sealed class KnownEvidence
{
    private static readonly BulkInsert<(Guid Subject, string Kind, DateTimeOffset At)> Shared = new("customers_shared",
        new("subject_id", typeof(Guid), s => s.Subject),
        new("kind", typeof(string), s => s.Kind),
        new("found_at", typeof(DateTimeOffset), s => s.At),
        new("allowed", typeof(bool), _ => false))
    { OnConflict = "on conflict do nothing" };

    /// <summary>The kind under which accounts stand in customers_shared.</summary>
    public const string Account = "user_id";

    private readonly Dictionary<(Guid, Guid), Evidence> bySubject = [], byUser = [];
    private readonly HashSet<Guid> shared = [], allowed = [], looked = [], reconsidered = [];
    private readonly JoinRules rules;
    private readonly HashSet<Guid> accounts = [], decided = [];
    private ILookup<Guid, Evidence> ofSubject = Enumerable.Empty<Evidence>().ToLookup(e => e.SubjectId);

    private KnownEvidence(JoinRules rules) => this.rules = rules;

    public JoinDecisions Decisions { get; private set; } = null!;

    /// <summary>About whom is decided.</summary>
    public IReadOnlyCollection<Guid> Subjects { get; private set; } = [];

    public IEnumerable<Evidence> Of(Guid subject) => ofSubject[subject];

    /// <param name="news">Written already.</param>
    public static async Task<KnownEvidence> ReadAsync(Transaction tx, List<(Evidence Evidence, bool Earlier)> told, JoinRules rules, CancellationToken ct)
    {
        var known = new KnownEvidence(rules);
        var news = told.ConvertAll(t => t.Evidence);
        var users = news.Select(e => e.UserId).ToHashSet();
        await known.LookAsync(tx, [.. news.Select(e => e.SubjectId), .. users], ct);
        // A time that became earlier can part what seemed to come at once: such an account is counted anew.
        foreach (var user in told.Where(t => t.Earlier).Select(t => t.Evidence.UserId).Where(known.shared.Contains).Distinct())
        {
            // What far too many share is not one person's however its times move, and counting it would hold everybody up.
            if (await Evidence.CountAsync(tx, user, ct) <= ReleaseHeld.MostAllowed)
            {
                known.reconsidered.Add(user);
            }
        }
        known.shared.ExceptWith(known.reconsidered);
        news.ForEach(e => known.bySubject[e.Pair] = e);
        await known.AddSubjectsAsync(tx, [.. news.Select(e => e.SubjectId).Where(s => !known.shared.Contains(s))], ct);
        await known.AddUsersAsync(tx, users, ct);
        known.Decide();
        var first = news.GroupBy(e => e.UserId).ToDictionary(g => g.Key, g => g.Min(Evidence.ByTime)!);
        var touched = known.byUser.Values.Where(e => first.TryGetValue(e.UserId, out var since)
            && (Evidence.ByTime.Compare(e, since) > 0 || known.Decisions.IsSharedAccount(e.UserId) || known.reconsidered.Contains(e.UserId)));
        await known.AddSubjectsAsync(tx, [.. touched.Select(e => e.SubjectId).Distinct().Where(s => !known.Of(s).Any() && !known.shared.Contains(s))], ct);
        await known.AddUsersAsync(tx, [.. known.bySubject.Values.Select(e => e.UserId).Distinct().Where(u => !users.Contains(u))], ct);
        await known.LookAtStaffAsync(tx, ct);
        known.Decide();
        return known;
    }

    /// <summary>Notes who was found to belong to too many, so that they need not be counted again, and that the page can tell.</summary>
    public async Task KeepSharedAsync(Transaction tx, DateTimeOffset now, CancellationToken ct)
    {
        var found = bySubject.Values.DistinctBy(e => e.SubjectId).Where(e => Decisions.IsSharedValue(e.SubjectId)).Select(e => (e.SubjectId, e.Kind, now))
            .Concat(byUser.Values.Select(e => e.UserId).Distinct().Where(Decisions.IsSharedAccount).Select(u => (u, Account, now))).Where(f => !shared.Contains(f.Item1)).OrderBy(f => f.Item1).ToList();
        await Shared.RunAsync(tx, found, ct);
        var parted = reconsidered.Where(u => !Decisions.IsSharedAccount(u)).ToList();
        if (parted.Count > 0)
        {
            await tx.ExecuteAsync("delete from customers_shared where subject_id in @parted", new { parted }, ct);
        }
    }

    private async Task AddSubjectsAsync(Transaction tx, IReadOnlyCollection<Guid> subjects, CancellationToken ct) =>
        (await Evidence.OfSubjectsAsync(tx, subjects, ct)).ForEach(e => bySubject[e.Pair] = e);

    private async Task AddUsersAsync(Transaction tx, IReadOnlyCollection<Guid> users, CancellationToken ct)
    {
        await LookAsync(tx, users, ct);
        (await Evidence.OfUsersAsync(tx, [.. users.Where(u => !shared.Contains(u))], ct)).ForEach(e => byUser[e.Pair] = e);
    }

    private async Task LookAsync(Transaction tx, IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        foreach (var page in ids.Distinct().Where(looked.Add).ToList().Chunk(1000))
        {
            var rows = await tx.QueryAsync("select subject_id, allowed from customers_shared where subject_id in @page", new { page }, r => (Subject: r.Guid(0), Allowed: r.Bool(1)), ct);
            rows.ForEach(r => (r.Allowed ? allowed : shared).Add(r.Subject));
        }
    }

    /// <summary>Who is an account, and about whom staff decided.</summary>
    private async Task LookAtStaffAsync(Transaction tx, CancellationToken ct)
    {
        foreach (var page in bySubject.Values.Select(e => e.SubjectId).Distinct().Chunk(1000))
        {
            accounts.UnionWith(await tx.QueryAsync("select subject_id from customers_identities where subject_id in @page and kind = 'external_id'", new { page }, r => r.Guid(0), ct));
            decided.UnionWith(await tx.QueryAsync("""
                select subject_id from customers_merge_log where subject_id in @page and actor <> @Actor
                union select kept_id from customers_merge_log where kept_id in @page and actor <> @Actor
                """, new { page, JoinSubjects.Actor }, r => r.Guid(0), ct));
        }
    }

    private void Decide()
    {
        ofSubject = bySubject.Values.ToLookup(e => e.SubjectId);
        Subjects = [.. ofSubject.Select(g => g.Key)];
        Decisions = new JoinDecisions(rules, ofSubject, byUser.Values.ToLookup(e => e.UserId), new JoinContext(shared, allowed, accounts, decided));
    }
}
