using Wellmet.Customers.Contract;
using Wellmet.Insights.Sales;
using Wellmet.Platform.Storage;

namespace Wellmet.Insights.Rollups;

/// <summary>
/// Brings sales into the roll-ups and takes those of undone imports out again, some at each call. A sale is added once when it becomes
/// 'counted' and subtracted once when it leaves, in the same transaction, so the roll-ups are at any time exactly the sums over the
/// counted sales, whatever the order in which they came.
/// </summary>
public sealed class CountSales(Database database, ICustomers customers)
{
    /// <summary>Sales in one transaction: about 10,000 products, which takes some 50 ms on SQLite.</summary>
    private const int Step = 500;

    // The term state <> 'counted' lets SQLite use the index of moving sales, which is small.
    private const string Waiting = "s.state <> 'counted' and s.state = 'waiting'";
    private const string Counted = "s.state = 'counted'";
    private const string Undone = "s.import_id in (select import_id from insights_undone_imports)";

    /// <summary>Takes one step; answers how many sales it moved, 0 when all are where they belong.</summary>
    public Task<int> RunAsync(CancellationToken ct) => RunAsync(Step, ct);

    /// <summary>Takes a step of another size: a large one counts many sales faster, and others wait for it longer.</summary>
    public async Task<int> RunAsync(int most, CancellationToken ct) =>
        await database.ReadAsync(AnyAsync, ct) ? await database.WriteAsync(tx => StepAsync(tx, most, ct), ct) : 0;

    /// <summary>How many sales are not in the roll-ups yet.</summary>
    public Task<long> WaitingAsync(CancellationToken ct) =>
        database.ReadAsync(s => s.CountAsync($"select count(*) from insights_sales s where {Waiting}", null, ct), ct);

    private static async Task<bool> AnyAsync(Session session) => await session.CountAsync(
        $"select 1 from insights_sales s where {Waiting} union all select 1 from insights_sales s where {Undone} limit 1") > 0;

    private async Task<int> StepAsync(Transaction tx, int most, CancellationToken ct)
    {
        await DailySums.LockAsync(tx, ct);
        // Most shops never took an import back: those need not look through all their sales for one.
        var left = await tx.CountAsync("select count(*) from insights_undone_imports", null, ct) > 0 ? await LeaveAsync(tx, most, ct) : 0;
        return left > 0 ? left : await EnterAsync(tx, most, ct);
    }

    private async Task<int> EnterAsync(Transaction tx, int most, CancellationToken ct)
    {
        var moved = await MoveAsync(tx, SaleState.Entering, Waiting, most, ct);
        if (moved.Sales == 0)
        {
            return 0;
        }
        var buyers = await customers.CustomersOfAsync(tx, moved.Subjects, ct);
        foreach (var (subject, customer) in buyers.Where(b => b.Key != b.Value))
        {
            await tx.ExecuteAsync("update insights_sales set customer_id = @customer where subject_id = @subject and customer_id <> @customer", new { subject, customer }, ct);
        }
        Guid[] ids = [.. buyers.Values.Distinct()];
        await DailySums.AddNewCustomersAsync(tx, ids, -1, ct);
        await DailySums.AddAsync(tx, SaleState.Entering, 1, ct);
        await tx.ExecuteAsync("update insights_sales set state = 'counted' where state <> 'counted' and state = 'entering'", null, ct);
        await DailySums.AddNewCustomersAsync(tx, ids, 1, ct);
        return moved.Sales;
    }

    private static async Task<int> LeaveAsync(Transaction tx, int most, CancellationToken ct)
    {
        // A sale that was never counted has nothing to take back.
        var never = await MoveAsync(tx, SaleState.Leaving, $"{Waiting} and {Undone}", most, ct);
        await DeleteLeavingAsync(tx, ct);
        // Counted ones only: another node may have received more of the import since the line above.
        var moved = await MoveAsync(tx, SaleState.Leaving, $"{Counted} and {Undone}", most, ct);
        if (moved.Sales > 0)
        {
            await DailySums.AddNewCustomersAsync(tx, moved.Customers, -1, ct);
            await DailySums.AddAsync(tx, SaleState.Leaving, -1, ct);
            await DeleteLeavingAsync(tx, ct);
            await DailySums.AddNewCustomersAsync(tx, moved.Customers, 1, ct);
            await DailySums.DeleteEmptyAsync(tx, moved.Days, ct);
        }
        return never.Sales + moved.Sales;
    }

    private static async Task<Moved> MoveAsync(Transaction tx, SaleState state, string which, int most, CancellationToken ct)
    {
        var rows = await tx.QueryAsync($"""
            update insights_sales set state = @state where (subject_id, seq) in (
              select s.subject_id, s.seq from insights_sales s where {which} order by s.day limit @most)
            returning subject_id, customer_id, day
            """, new { state, most }, r => (Subject: r.Guid(0), Customer: r.Guid(1), Day: r.Text(2)), ct);
        return new Moved(rows.Count, [.. rows.Select(r => r.Subject).Distinct()], [.. rows.Select(r => r.Customer).Distinct()], [.. rows.Select(r => r.Day).Distinct()]);
    }

    private static async Task DeleteLeavingAsync(Transaction tx, CancellationToken ct)
    {
        await tx.ExecuteAsync("""
            delete from insights_sale_products where (subject_id, seq) in (
              select subject_id, seq from insights_sales where state <> 'counted' and state = 'leaving')
            """, null, ct);
        await tx.ExecuteAsync("delete from insights_sales where state <> 'counted' and state = 'leaving'", null, ct);
    }

    private sealed record Moved(int Sales, IReadOnlyList<Guid> Subjects, IReadOnlyList<Guid> Customers, IReadOnlyList<string> Days);
}
