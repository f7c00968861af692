using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Identities;

/// <summary>
/// The merges in force as a forest: each subject follows at most one other, and the customer of a subject is the root it leads to. Links
/// keep that root, so that reads need no recursion.
/// </summary>
internal static class CustomerTree
{
    /// <summary>Links a subject and everything that follows it to one customer.</summary>
    public static Task RelinkAsync(Transaction tx, Guid top, Guid customer, CancellationToken ct) => tx.ExecuteAsync("""
        with recursive followers (id) as (
          select subject_id from customers_links where subject_id = @top
          union select m.subject_id from customers_merges m join followers f on m.kept_id = f.id)
        update customers_links set customer_id = @customer where subject_id in (select id from followers)
        """, new { top, customer }, ct);

    /// <summary>
    /// Ends all merges with these subjects, as if they had never been; answers the subjects that followed them and are customers of their
    /// own now.
    /// </summary>
    public static async Task<IReadOnlyList<Guid>> RemoveAsync(Transaction tx, IReadOnlyCollection<Guid> subjects, CancellationToken ct)
    {
        var followers = await tx.QueryAsync("select subject_id from customers_merges where kept_id in @subjects", new { subjects }, r => r.Guid(0), ct);
        await tx.ExecuteAsync("delete from customers_merges where kept_id in @subjects or subject_id in @subjects", new { subjects }, ct);
        foreach (var follower in followers)
        {
            await RelinkAsync(tx, follower, follower, ct);
        }
        return followers;
    }
}
