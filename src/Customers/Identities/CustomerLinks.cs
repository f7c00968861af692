using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Identities;

/// <summary>Which customer a subject belongs to.</summary>
internal static class CustomerLinks
{
    /// <summary>The customer of each subject; a subject without a link is its own customer.</summary>
    public static async Task<IReadOnlyDictionary<Guid, Guid>> CustomersOfAsync(Session session, IReadOnlyCollection<Guid> subjects, CancellationToken ct)
    {
        var customers = subjects.Distinct().ToDictionary(s => s, s => s);
        foreach (var page in subjects.Distinct().Chunk(1000))
        {
            var links = await session.QueryAsync("select subject_id, customer_id from customers_links where subject_id in @page", new { page },
                r => (Subject: r.Guid(0), Customer: r.Guid(1)), ct);
            links.ForEach(l => customers[l.Subject] = l.Customer);
        }
        return customers;
    }

    public static Task<List<Guid>> SubjectsOfAsync(Session session, IEnumerable<Guid> customers, CancellationToken ct) => session.QueryAsync(
        "select subject_id from customers_links where customer_id in @customers order by subject_id", new { customers }, r => r.Guid(0), ct);

    /// <summary>
    /// Locks the customers of the subjects until the transaction ends, and answers them. On SQLite there is one writer and nothing to lock.
    /// A merge that came first may have given a subject to another customer: then these locks are given back and taken anew with that one, all in
    /// ascending order, so that two who wait for each other's customers do not exist.
    /// </summary>
    public static async Task<IReadOnlyCollection<Guid>> LockAsync(Transaction tx, IReadOnlyCollection<Guid> subjects, CancellationToken ct)
    {
        var customers = (await CustomersOfAsync(tx, subjects, ct)).Values.ToHashSet();
        var held = new HashSet<Guid>();
        while (tx.Engine == Engine.Postgres && !customers.IsSubsetOf(held))
        {
            if (held.Count > 0)
            {
                await tx.ExecuteAsync("rollback to savepoint customers", null, ct);
            }
            held = customers;
            await tx.ExecuteAsync("savepoint customers; select 1 from customers_links where subject_id in @customers order by subject_id for update", new { customers }, ct);
            customers = [.. (await CustomersOfAsync(tx, subjects, ct)).Values];
        }
        return customers;
    }
}
