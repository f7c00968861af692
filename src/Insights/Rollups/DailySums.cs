using Wellmet.Insights.Sales;
using Wellmet.Platform.Storage;

namespace Wellmet.Insights.Rollups;

/// <summary>The roll-ups as sums over sales: each call adds (sign 1) or subtracts (sign -1) what sales are worth.</summary>
internal static class DailySums
{
    private const string Key = "day, storefront_id, currency";
    private static readonly string[] Figures =
        ["orders", "revenue_minor", "items", "anonymous_orders", "anonymous_revenue_minor", "cancellations", "cancelled_minor", "new_customers"];

    private static readonly BulkInsert<Sums> Daily = new("insights_daily",
        [.. ScopeColumns<Sums>(s => s.Scope), .. Figures.Select((f, i) => new Column<Sums>(f, typeof(long), s => s.Figures[i]))])
    { OnConflict = $"on conflict ({Key}) do update set {Added("insights_daily", Figures)}" };

    private static readonly BulkInsert<CountrySums> Countries = new("insights_daily_countries",
        [.. ScopeColumns<CountrySums>(s => s.Scope), new("country", typeof(string), s => s.Country), new("sales", typeof(long), s => s.Sales),
            new("orders", typeof(long), s => s.Orders), new("revenue_minor", typeof(long), s => s.RevenueMinor)])
    { OnConflict = $"on conflict ({Key}, country) do update set {Added("insights_daily_countries", "sales", "orders", "revenue_minor")}" };

    /// <summary>The row's lock is held to the end of the transaction: one node changes the roll-ups at a time.</summary>
    public static Task LockAsync(Transaction tx, CancellationToken ct) =>
        tx.ExecuteAsync("update insights_rollup_state set version = version + 1 where id = 1", null, ct);

    /// <summary>Adds these sales, and the customers who are new by what changed in their first orders.</summary>
    public static async Task AddAsync(Transaction tx, IReadOnlyCollection<Sale> sales, int sign, IEnumerable<(RollupScope Scope, int Change)> newCustomers, CancellationToken ct)
    {
        var sums = new SortedDictionary<RollupScope, Sums>();
        foreach (var sale in sales)
        {
            SumsOf(ScopeOf(sale)).Add(sale, sign);
        }
        foreach (var (scope, change) in newCustomers)
        {
            SumsOf(scope).AddNewCustomers(change);
        }
        await Daily.RunAsync(tx, sums.Values, ct);
        await Countries.RunAsync(tx, [.. sales.Where(s => s is { Anonymous: false, Kind: not SaleKind.Cancellation }).GroupBy(s => (Scope: ScopeOf(s), s.Country))
            .OrderBy(g => g.Key.Scope).ThenBy(g => g.Key.Country, StringComparer.Ordinal)
            .Select(g => new CountrySums(g.Key.Scope, g.Key.Country, sign * g.LongCount(), sign * g.LongCount(s => s.Kind == SaleKind.Order), sign * g.Sum(s => s.AmountMinor)))], ct);
        await ProductSums.AddAsync(tx, sales, sign, ct);

        Sums SumsOf(RollupScope scope) => sums.TryGetValue(scope, out var known) ? known : sums[scope] = new Sums(scope);
    }

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

    internal static RollupScope ScopeOf(Sale sale) => new(sale.Day, sale.StorefrontId, sale.Currency);

    private static Column<T>[] ScopeColumns<T>(Func<T, RollupScope> scope) =>
    [
        new("day", typeof(DateOnly), r => scope(r).Day), new("storefront_id", typeof(Guid), r => scope(r).StorefrontId), new("currency", typeof(string), r => scope(r).Currency),
    ];

    private sealed record CountrySums(RollupScope Scope, string Country, long Sales, long Orders, long RevenueMinor);

    /// <summary>What is added to a row, figure by figure as in <see cref="DailySums.Figures"/>.</summary>
    private sealed class Sums(RollupScope scope)
    {
        public RollupScope Scope => scope;
        public long[] Figures { get; } = new long[DailySums.Figures.Length];

        public void Add(Sale sale, int sign)
        {
            var orders = sale.Kind == SaleKind.Order ? sign : 0;
            switch (sale.Kind, sale.Anonymous)
            {
                case (SaleKind.Cancellation, false):
                    Add(5, sign);
                    Add(6, sign * sale.AmountMinor);
                    break;
                case (SaleKind.Cancellation, true):
                    break;
                case (_, false):
                    Add(0, orders);
                    Add(1, sign * sale.AmountMinor);
                    Add(2, sign * sale.Items);
                    break;
                default:
                    Add(3, orders);
                    Add(4, sign * sale.AmountMinor);
                    break;
            }
        }

        public void AddNewCustomers(int change) => Add(7, change);

        private void Add(int figure, long more) => Figures[figure] = checked(Figures[figure] + more);
    }
}

/// <summary>What a row of the roll-ups is about; in the order of their keys.</summary>
internal readonly record struct RollupScope(DateOnly Day, Guid StorefrontId, string Currency) : IComparable<RollupScope>
{
    public int CompareTo(RollupScope other) => Day.CompareTo(other.Day) is not 0 and var day ? day
        : StorefrontId.CompareTo(other.StorefrontId) is not 0 and var storefront ? storefront : string.CompareOrdinal(Currency, other.Currency);
}
