using Wellmet.Insights.Sales;
using Wellmet.Platform.Storage;

namespace Wellmet.Insights.Rollups;

/// <summary>The roll-ups as sums over sales: each call adds (sign 1) or subtracts (sign -1) what sales are worth.</summary>
internal static class DailySums
{
    private const string Key = "day, storefront_id, currency";
    private static readonly string[] Figures =
        ["orders", "revenue_minor", "items", "anonymous_orders", "anonymous_revenue_minor", "cancellations", "cancelled_minor"];

    private static readonly BulkInsert<Sums> Daily = new("insights_daily",
        [.. ScopeColumns<Sums>(s => s.Scope), .. Figures.Select((f, i) => new Column<Sums>(f, typeof(long), s => s.Figures[i])), new("new_customers", typeof(long), _ => 0L)])
    { OnConflict = $"on conflict ({Key}) do update set {Added("insights_daily", Figures)}" };

    private static readonly BulkInsert<CountrySums> Countries = new("insights_daily_countries",
        [.. ScopeColumns<CountrySums>(s => s.Scope), new("country", typeof(string), s => s.Country), new("sales", typeof(long), s => s.Sales),
            new("orders", typeof(long), s => s.Orders), new("revenue_minor", typeof(long), s => s.RevenueMinor)])
    { OnConflict = $"on conflict ({Key}, country) do update set {Added("insights_daily_countries", "sales", "orders", "revenue_minor")}" };

    /// <summary>The row's lock is held to the end of the transaction: one node changes the roll-ups at a time.</summary>
    public static Task LockAsync(Transaction tx, CancellationToken ct) =>
        tx.ExecuteAsync("update insights_rollup_state set version = version + 1 where id = 1", null, ct);

    /// <summary>All figures that are plain sums over these sales.</summary>
    public static async Task AddAsync(Transaction tx, IReadOnlyCollection<Sale> sales, int sign, CancellationToken ct)
    {
        await Daily.RunAsync(tx, [.. sales.GroupBy(SalesOf).OrderBy(g => g.Key).Select(g => Sums.Of(g.Key, g, sign))], ct);
        await Countries.RunAsync(tx, [.. sales.Where(s => s is { Anonymous: false, Kind: not SaleKind.Cancellation }).GroupBy(s => (Scope: SalesOf(s), s.Country))
            .OrderBy(g => g.Key.Scope).ThenBy(g => g.Key.Country, StringComparer.Ordinal)
            .Select(g => new CountrySums(g.Key.Scope, g.Key.Country, sign * g.LongCount(), sign * g.LongCount(s => s.Kind == SaleKind.Order), sign * g.Sum(s => s.AmountMinor)))], ct);
        await ProductSums.AddAsync(tx, sales, sign, ct);
    }

    /// <summary>
    /// Customers who are new, on the day of their first order. Who came is not a sum: so before sales move, the first orders of their
    /// customers are taken off, and afterwards the first orders as they are then are put on.
    /// </summary>
    public static Task AddNewCustomersAsync(Transaction tx, IReadOnlyCollection<Guid> customers, int sign, CancellationToken ct) => tx.ExecuteAsync($"""
        insert into insights_daily ({Key}, {string.Join(", ", Figures)}, new_customers)
        select {Key}, 0, 0, 0, 0, 0, 0, 0, @sign * count(*) from (
          select {Key}, row_number() over (partition by customer_id order by occurred_at, seq) as place
          from insights_sales where customer_id in @customers and kind = 'order' and not anonymous) orders
        where place = 1 group by {Key}
        on conflict ({Key}) do update set {Added("insights_daily", "new_customers")}
        """, new { customers, sign }, ct);

    /// <summary>Rows behind which no sale is left.</summary>
    public static async Task DeleteEmptyAsync(Transaction tx, IReadOnlyCollection<DateOnly> days, CancellationToken ct)
    {
        await tx.ExecuteAsync("delete from insights_daily where day in @days and orders = 0 and anonymous_orders = 0 and cancellations = 0 "
            + "and revenue_minor = 0 and anonymous_revenue_minor = 0 and cancelled_minor = 0 and items = 0 and new_customers = 0", new { days }, ct);
        await tx.ExecuteAsync("delete from insights_daily_countries where day in @days and sales = 0", new { days }, ct);
        await ProductSums.DeleteEmptyAsync(tx, days, ct);
    }

    /// <summary>The update of an upsert that adds.</summary>
    internal static string Added(string table, params string[] columns) => string.Join(", ", columns.Select(c => $"{c} = {table}.{c} + excluded.{c}"));

    internal static RollupScope SalesOf(Sale sale) => new(sale.Day, sale.StorefrontId, sale.Currency);

    private static Column<T>[] ScopeColumns<T>(Func<T, RollupScope> scope) =>
    [
        new("day", typeof(DateOnly), r => scope(r).Day), new("storefront_id", typeof(Guid), r => scope(r).StorefrontId), new("currency", typeof(string), r => scope(r).Currency),
    ];

    private sealed record CountrySums(RollupScope Scope, string Country, long Sales, long Orders, long RevenueMinor);

    /// <param name="Figures">As <see cref="DailySums.Figures"/>.</param>
    private sealed record Sums(RollupScope Scope, long[] Figures)
    {
        public static Sums Of(RollupScope scope, IEnumerable<Sale> sales, int sign)
        {
            var figures = new long[DailySums.Figures.Length];
            foreach (var (kind, amount, items, anonymous) in sales.Select(s => (s.Kind, s.AmountMinor, s.Items, s.Anonymous)))
            {
                switch (kind, anonymous)
                {
                    case (SaleKind.Cancellation, false):
                        Add(5, 1);
                        Add(6, amount);
                        break;
                    case (SaleKind.Cancellation, true):
                        break;
                    case (_, false):
                        Add(0, kind == SaleKind.Order ? 1 : 0);
                        Add(1, amount);
                        Add(2, items);
                        break;
                    default:
                        Add(3, kind == SaleKind.Order ? 1 : 0);
                        Add(4, amount);
                        break;
                }
            }
            return new Sums(scope, figures);

            void Add(int figure, long more) => figures[figure] = checked(figures[figure] + (sign * more));
        }
    }
}

/// <summary>What a row of the roll-ups is about; in the order of their keys.</summary>
internal readonly record struct RollupScope(DateOnly Day, Guid StorefrontId, string Currency) : IComparable<RollupScope>
{
    public int CompareTo(RollupScope other) => Day.CompareTo(other.Day) is not 0 and var day ? day
        : StorefrontId.CompareTo(other.StorefrontId) is not 0 and var storefront ? storefront : string.CompareOrdinal(Currency, other.Currency);
}
