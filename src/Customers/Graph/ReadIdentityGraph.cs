using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Customers.Joining;
using Wellmet.Customers.Profiles;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Graph;

/// <summary>Reads the picture of a customer's identities.</summary>
public sealed class ReadIdentityGraph(Database database, ProfileReader profiles, CurrentActor actor)
{
    /// <summary>Subjects, and holds, that are drawn.</summary>
    public const int Most = 40;

    private const int MostHeld = 10;

    /// <summary>What many share has more than anybody would read.</summary>
    private const int MostEvidence = 500;

    /// <param name="customer">As it was read for the page; its identities are masked already where they must be.</param>
    public async Task<IdentityGraph> RunAsync(CustomerView customer, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.Read);
        var ids = customer.Subjects;
        var (subjects, merges, evidence) = await database.ReadAsync(async s => (await SubjectsAsync(s, customer.CustomerId, ct), await MergesAsync(s, ids, ct), await Evidence.LatestAsync(s, ids, MostEvidence, ct)), ct);
        var proved = evidence.ToDictionary(e => e.Pair, e => e.At);
        var known = customer.Profile.Identities.ToLookup(i => i.SubjectId);
        var nodes = new List<GraphNode>();
        Draw(customer.CustomerId, 0, null);
        var held = await HeldAsync(evidence, nodes, ct);
        return new IdentityGraph(nodes, Math.Max(0, subjects.Count - nodes.Count), held);

        void Draw(Guid subject, int depth, int? parent)
        {
            if (nodes.Count == Most || !subjects.TryGetValue(subject, out var seen))
            {
                return;
            }
            var at = nodes.Count;
            nodes.Add(new GraphNode(subject, depth, parent, [.. known[subject]], seen.At, seen.Imported, parent is null ? null : LinkOf(subject)));
            foreach (var follower in merges.Where(m => m.Kept == subject).OrderBy(m => m.Link.At).ThenBy(m => m.Subject))
            {
                Draw(follower.Subject, depth + 1, at);
            }
        }

        GraphLink LinkOf(Guid subject)
        {
            var (_, kept, link) = merges.Find(m => m.Subject == subject);
            return link with { ProvedAt = proved.TryGetValue((subject, kept), out var said) ? said : null };
        }
    }

    private async Task<List<GraphHold>> HeldAsync(List<Evidence> evidence, List<GraphNode> nodes, CancellationToken ct)
    {
        var drawn = nodes.Select((n, i) => (n.SubjectId, Place: i)).ToDictionary(n => n.SubjectId, n => n.Place);
        var holds = evidence.Where(e => e.Held is { } reason && ListHeld.Shown.Contains(reason) && drawn.ContainsKey(e.SubjectId) != drawn.ContainsKey(e.UserId))
            .OrderByDescending(e => e.At).Take(MostHeld).Select(e => (Held: e, Own: drawn.ContainsKey(e.SubjectId) ? e.SubjectId : e.UserId, Other: drawn.ContainsKey(e.SubjectId) ? e.UserId : e.SubjectId)).ToList();
        if (holds.Count == 0)
        {
            return [];
        }
        var customers = await database.ReadAsync(s => CustomerLinks.CustomersOfAsync(s, [.. holds.Select(h => h.Other)], ct), ct);
        var others = await profiles.ReadAsync([.. customers.Values.Distinct()], ct);
        return holds.ConvertAll(h => new GraphHold(drawn[h.Own], nodes[drawn[h.Own]].Identities.Concat(others[customers[h.Other]].Identities).FirstOrDefault(i => i.SubjectId == h.Held.SubjectId), customers[h.Other], others[customers[h.Other]], h.Held.Held!.Value, h.Held.At));
    }

    private static async Task<Dictionary<Guid, (DateTimeOffset At, bool Imported)>> SubjectsAsync(Session session, Guid customer, CancellationToken ct) => (await session.QueryAsync("""
        select s.subject_id, s.first_seen_at, s.import_id from customers_links l join customers_subjects s on s.subject_id = l.subject_id where l.customer_id = @customer and s.erased_at is null
        """, new { customer }, r => (Subject: r.Guid(0), At: r.Time(1), Import: r.Guid(2)), ct)).ToDictionary(r => r.Subject, r => (r.At, r.Import != Guid.Empty));

    private static Task<List<(Guid Subject, Guid Kept, GraphLink Link)>> MergesAsync(Session session, IReadOnlyList<Guid> subjects, CancellationToken ct) => session.QueryAsync(
        "select subject_id, kept_id, merge_id, reason, actor, merged_at from customers_merges where subject_id in @subjects", new { subjects },
        r => (r.Guid(0), r.Guid(1), new GraphLink(r.Guid(2), r.Enum<MergeReason>(3), r.Text(4) == JoinSubjects.Actor ? null : r.Text(4), r.Time(5), null)), ct);
}
