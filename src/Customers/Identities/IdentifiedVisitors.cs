using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Identities;

/// <summary>
/// Joins a visitor to the customer they turned out to be. Only a visitor whom nobody is known to be joins, and only once: on a shared device
/// the second person to sign in keeps apart from what the first one did, and a merge that staff took back is not made again.
/// </summary>
internal static class IdentifiedVisitors
{
    private const string Actor = "collection";

    /// <param name="At">When they signed in.</param>
    internal sealed record Link(Guid Visitor, Guid User, DateTimeOffset At);

    public static async Task LinkAsync(Transaction tx, IReadOnlyCollection<Link> links, DateTimeOffset now, CancellationToken ct)
    {
        if (links.Count == 0)
        {
            return;
        }
        var open = await OpenAsync(tx, links, ct);
        foreach (var link in links.OrderBy(l => l.At).Where(l => open.Remove(l.Visitor)))
        {
            var kept = (await CustomerLinks.CustomersOfAsync(tx, [link.User], ct))[link.User];
            await CustomerMerge.WriteAsync(tx, new MergeEntry(link.Visitor, Id.New(), kept, "merged", EnumText.Of(MergeReason.SignedIn), Actor, now), ct);
        }
    }

    /// <summary>The visitors that are customers of their own, lead nobody, and were never part of a merge; locked.</summary>
    private static async Task<HashSet<Guid>> OpenAsync(Transaction tx, IReadOnlyCollection<Link> links, CancellationToken ct)
    {
        var visitors = links.Select(l => l.Visitor).Distinct().ToList();
        var candidates = await FreeAsync(tx, visitors, ct);
        if (candidates.Count == 0)
        {
            return [];
        }
        await CustomerLinks.LockAsync(tx, [.. links.Where(l => candidates.Contains(l.Visitor)).SelectMany(l => new[] { l.Visitor, l.User })], ct);
        return await FreeAsync(tx, [.. candidates], ct);
    }

    private static async Task<HashSet<Guid>> FreeAsync(Transaction tx, List<Guid> visitors, CancellationToken ct)
    {
        var free = new HashSet<Guid>();
        foreach (var page in visitors.Chunk(1000))
        {
            free.UnionWith(await tx.QueryAsync("""
                select s.subject_id from customers_subjects s join customers_links l on l.subject_id = s.subject_id and l.customer_id = s.subject_id
                where s.subject_id in @page and s.erased_at is null
                  and not exists (select 1 from customers_merge_log m where m.subject_id = s.subject_id)
                  and not exists (select 1 from customers_merge_log m where m.kept_id = s.subject_id)
                """, new { page }, r => r.Guid(0), ct));
        }
        return free;
    }
}
