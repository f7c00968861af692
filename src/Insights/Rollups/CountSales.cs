using Wellmet.Customers.Contract;
using Wellmet.Insights.Sales;
using Wellmet.Platform.Storage;

namespace Wellmet.Insights.Rollups;

/// <summary>
/// Brings sales into the roll-ups and takes those of undone imports out again, some at each call. A sale is added once when it moves from the waiting ones to the
/// counted ones, and subtracted once when it leaves those, in the same transaction, so the roll-ups are at any time exactly the sums over the counted sales,
/// whatever the order in which they came.
/// </summary>
public sealed class CountSales(Database database, ICustomers customers, RollupOptions options)
{
    private const string Undone = "import_id in (select import_id from insights_undone_imports)";

    /// <summary>A sale with its customer: the subject itself, unless it was merged.</summary>
    private static readonly BulkInsert<(Sale Sale, Guid Customer)> Rows = new("insights_sales",
        [.. Sale.Written.Select(c => new Column<(Sale Sale, Guid Customer)>(c.Name, c.Type, s => c.Value(s.Sale))), new("customer_id", typeof(Guid), s => s.Customer)]);

    private static readonly BulkInsert<Sale> Products = new("insights_sale_products",
        new("subject_id", typeof(Guid), s => s.SubjectId),
        new("seq", typeof(long), s => s.Seq),
        new("products", typeof(Json), s => s.Products));

    /// <summary>Takes one step; answers how many sales it moved, 0 when all are where they belong.</summary>
    public async Task<int> RunAsync(CancellationToken ct) =>
        await database.ReadAsync(AnyAsync, ct) ? await database.WriteAsync(tx => StepAsync(tx, options.Step(database.Engine), ct), ct) : 0;

    /// <summary>How many sales are not in the roll-ups yet.</summary>
    public Task<long> WaitingAsync(CancellationToken ct) => database.ReadAsync(s => s.CountAsync("select count(*) from insights_waiting", null, ct), ct);

    private static async Task<bool> AnyAsync(Session session) => await session.CountAsync(
        $"select 1 from insights_waiting union all select 1 from insights_sales where {Undone} limit 1") > 0;

    private async Task<int> StepAsync(Transaction tx, int most, CancellationToken ct)
    {
        await DailySums.LockAsync(tx, ct);
        // Most shops never took an import back: those need not look through all their sales for one.
        var left = await tx.CountAsync("select count(*) from insights_undone_imports", null, ct) > 0 ? await LeaveAsync(tx, most, ct) : 0;
        return left > 0 ? left : await EnterAsync(tx, most, ct);
    }

    private async Task<int> EnterAsync(Transaction tx, int most, CancellationToken ct)
    {
        // By day, so that many of them fall into the same rows of the roll-ups.
        var sales = await tx.QueryAsync($"""
            delete from insights_waiting where (subject_id, seq) in (select subject_id, seq from insights_waiting order by day limit @most)
            returning {Sale.Columns}, products
            """, new { most }, Sale.Read, ct);
        if (sales.Count == 0)
        {
            return 0;
        }
        var buyers = await customers.CustomersOfAsync(tx, [.. sales.Select(s => s.SubjectId).Distinct()], ct);
        var entering = sales.ConvertAll(s => (Sale: s, Customer: buyers.GetValueOrDefault(s.SubjectId, s.SubjectId)));
        var before = await FirstOrders.ReadAsync(tx, [.. buyers.Values.Distinct()], ct);
        await Rows.RunAsync(tx, entering, ct);
        await Products.RunAsync(tx, sales.FindAll(s => s.Products is not null), ct);
        await DailySums.AddAsync(tx, sales, 1, before.ChangesTo(before.With(entering)), ct);
        return sales.Count;
    }

    private static async Task<int> LeaveAsync(Transaction tx, int most, CancellationToken ct)
    {
        // A sale that was never counted has nothing to take back.
        var never = await tx.ExecuteAsync(
            $"delete from insights_waiting where (subject_id, seq) in (select subject_id, seq from insights_waiting where {Undone} limit @most)", new { most }, ct);
        var chosen = await tx.QueryAsync($"select subject_id, seq, customer_id from insights_sales where {Undone} order by day limit @most", new { most },
            r => (Subject: r.Guid(0), Seq: r.Long(1), Customer: r.Guid(2)), ct);
        if (chosen.Count == 0)
        {
            return never;
        }
        Guid[] ids = [.. chosen.Select(c => c.Customer).Distinct()];
        var before = await FirstOrders.ReadAsync(tx, ids, ct);
        var sales = await TakeAsync(tx, [.. chosen.Select(c => c.Subject).Distinct()], [.. chosen.Select(c => c.Seq).Distinct()], ct);
        await DailySums.AddAsync(tx, sales, -1, before.ChangesTo(await FirstOrders.ReadAsync(tx, ids, ct)), ct);
        await DailySums.DeleteEmptyAsync(tx, [.. sales.Select(s => s.Day).Distinct()], ct);
        return never + sales.Count;
    }

    /// <summary>Takes the undone sales with these subjects and numbers out, and answers them: a few more than were chosen, where a number fits another subject, too.</summary>
    private static async Task<List<Sale>> TakeAsync(Transaction tx, Guid[] subjects, long[] seqs, CancellationToken ct)
    {
        var keys = new { subjects, seqs };
        var sales = await tx.QueryAsync($"delete from insights_sales where subject_id in @subjects and seq in @seqs and {Undone} returning {Sale.Columns}, null", keys, Sale.Read, ct);
        // Products beside which no sale stands any more are theirs, whatever else was taken back meanwhile.
        var products = (await tx.QueryAsync("""
            delete from insights_sale_products where subject_id in @subjects and seq in @seqs and not exists (select 1 from insights_sales s
              where s.subject_id = insights_sale_products.subject_id and s.seq = insights_sale_products.seq)
            returning subject_id, seq, products
            """, keys, r => (Key: (r.Guid(0), r.Long(1)), Products: new Json(r.Text(2))), ct)).ToDictionary(p => p.Key, p => p.Products);
        return sales.ConvertAll(s => products.TryGetValue((s.SubjectId, s.Seq), out var packed) ? s with { Products = packed } : s);
    }
}
