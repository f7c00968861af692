using Wellmet.Customers.Contract;
using Wellmet.Platform.Storage;

namespace Wellmet.Insights.Rollups;

/// <summary>
/// Gives sales to the customer to whom their subject belongs now. It asks for the state of today instead of replaying merges, so that it
/// does not matter in which order, or how often, it is told of them.
/// </summary>
public sealed class FollowMerges(ICustomers customers)
{
    /// <param name="merged">Subjects that were merged, or parted, and those whom they followed.</param>
    public async Task RunAsync(Transaction tx, IReadOnlyCollection<Guid> merged, CancellationToken ct)
    {
        if (merged.Count == 0)
        {
            return;
        }
        await DailySums.LockAsync(tx, ct);
        var members = new Dictionary<Guid, Guid>();
        Guid[] owners = [.. (await customers.CustomersOfAsync(tx, merged, ct)).Values.Distinct()];
        var sets = await customers.SubjectsOfAsync(tx, owners, ct);
        foreach (var customer in owners)
        {
            foreach (var subject in sets[customer].DefaultIfEmpty(customer))
            {
                members[subject] = customer;
            }
        }
        var before = await tx.QueryAsync("select distinct customer_id from insights_sales where subject_id in @subjects", new { subjects = members.Keys }, r => r.Guid(0), ct);
        Guid[] all = [.. before.Union(members.Values)];
        var firsts = await FirstOrders.ReadAsync(tx, all, ct);
        foreach (var (subject, customer) in members)
        {
            await tx.ExecuteAsync("update insights_sales set customer_id = @customer where subject_id = @subject and customer_id <> @customer", new { subject, customer }, ct);
        }
        await DailySums.AddAsync(tx, [], 1, firsts.ChangesTo(await FirstOrders.ReadAsync(tx, all, ct)), ct);
    }
}
