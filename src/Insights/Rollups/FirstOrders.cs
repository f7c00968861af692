using Wellmet.Insights.Sales;
using Wellmet.Platform.Storage;

namespace Wellmet.Insights.Rollups;

/// <summary>
/// The first counted order of each of some customers: on its day, in its storefront and currency, the customer is new. Who came is not a sum, so whoever moves sales
/// compares the first orders before with those after.
/// </summary>
internal sealed class FirstOrders
{
    private readonly Dictionary<Guid, First> firsts = [];

    private readonly record struct First(RollupScope Scope, DateTimeOffset At, long Seq, Guid SubjectId)
    {
        public bool IsBefore(First other) => (At, Seq, SubjectId).CompareTo((other.At, other.Seq, other.SubjectId)) < 0;
    }

    public static async Task<FirstOrders> ReadAsync(Transaction tx, IReadOnlyCollection<Guid> customers, CancellationToken ct)
    {
        var orders = new FirstOrders();
        await tx.ForEachAsync("""
            select customer_id, day, storefront_id, currency, occurred_at, seq, subject_id from insights_sales
            where customer_id in @customers and kind = 'order' and not anonymous
            """, new { customers }, r => orders.Add(r.Guid(0), new First(new RollupScope(r.Day(1), r.Guid(2), r.Text(3)), r.Time(4), r.Long(5), r.Guid(6))), ct);
        return orders;
    }

    /// <summary>Those that these orders make, with what stands.</summary>
    public FirstOrders With(IEnumerable<(Sale Sale, Guid Customer)> sales)
    {
        var after = new FirstOrders();
        foreach (var (customer, first) in firsts)
        {
            after.Add(customer, first);
        }
        foreach (var (sale, customer) in sales.Where(s => s.Sale is { Kind: SaleKind.Order, Anonymous: false }))
        {
            after.Add(customer, new First(DailySums.ScopeOf(sale), sale.OccurredAt, sale.Seq, sale.SubjectId));
        }
        return after;
    }

    /// <summary>Where a customer is no longer new (-1), and where one is now (1).</summary>
    public IEnumerable<(RollupScope Scope, int Change)> ChangesTo(FirstOrders after) =>
        firsts.Except(after.firsts).Select(f => (f.Value.Scope, -1)).Concat(after.firsts.Except(firsts).Select(f => (f.Value.Scope, 1)));

    private void Add(Guid customer, First order)
    {
        if (!firsts.TryGetValue(customer, out var first) || order.IsBefore(first))
        {
            firsts[customer] = order;
        }
    }
}
