using System.Globalization;
using Wellmet.Insights.Sales;
using Wellmet.Platform.Storage;

namespace Wellmet.Insights.Rollups;

/// <summary>
/// The roll-ups of products by day and by month. Added up here and not in SQL: twenty products an order make this the bulk of the work,
/// and a dictionary takes a quarter of the time of a sort.
/// </summary>
internal static class ProductSums
{
    private static readonly BulkInsert<KeyValuePair<Key, Sums>> Daily = Rollup("insights_daily_products", "day");
    private static readonly BulkInsert<KeyValuePair<Key, Sums>> Monthly = Rollup("insights_monthly_products", "month");

    /// <summary>Adds (sign 1) or subtracts (sign -1) what these sales are worth.</summary>
    public static async Task AddAsync(Transaction tx, IReadOnlyCollection<Sale> sales, int sign, CancellationToken ct)
    {
        var daily = new Dictionary<Key, Sums>();
        foreach (var sale in sales.Where(s => s.Products is not null))
        {
            var (day, orders) = (sale.Day.ToString("O", CultureInfo.InvariantCulture), sale.Kind == SaleKind.Order ? sign : 0);
            foreach (var product in PackedProducts.Unpack(sale.Products!.Value.Text))
            {
                Add(daily, new Key(day, sale.StorefrontId, sale.Currency, product.ProductId), new Sums(sign, orders, sign * product.Quantity, sign * product.AmountMinor));
            }
        }
        var monthly = new Dictionary<Key, Sums>();
        foreach (var (key, sums) in daily)
        {
            Add(monthly, key with { Time = key.Time[..7] }, sums);
        }
        // In the order of their keys, which is the order in which the rows lie on SQLite.
        await Daily.RunAsync(tx, [.. daily.OrderBy(d => d.Key)], ct);
        await Monthly.RunAsync(tx, [.. monthly.OrderBy(m => m.Key)], ct);
    }

    public static async Task DeleteEmptyAsync(Transaction tx, IReadOnlyCollection<DateOnly> days, CancellationToken ct)
    {
        await tx.ExecuteAsync("delete from insights_daily_products where day in @days and sales = 0", new { days }, ct);
        await tx.ExecuteAsync("delete from insights_monthly_products where month in @months and sales = 0", new { months = days.Select(d => d.ToString("yyyy-MM", CultureInfo.InvariantCulture)).Distinct() }, ct);
    }

    private static void Add(Dictionary<Key, Sums> sums, Key key, Sums more) => sums[key] = sums.TryGetValue(key, out var sum) ? sum + more : more;

    private static BulkInsert<KeyValuePair<Key, Sums>> Rollup(string table, string time) => new(table,
        new(time, typeof(string), r => r.Key.Time),
        new("storefront_id", typeof(Guid), r => r.Key.StorefrontId),
        new("currency", typeof(string), r => r.Key.Currency),
        new("product_id", typeof(Guid), r => r.Key.ProductId),
        new("sales", typeof(long), r => r.Value.Sales),
        new("orders", typeof(long), r => r.Value.Orders),
        new("quantity", typeof(long), r => r.Value.Quantity),
        new("amount_minor", typeof(long), r => r.Value.AmountMinor))
    {
        OnConflict = $"on conflict ({time}, storefront_id, currency, product_id) do update set {DailySums.Added(table, "sales", "orders", "quantity", "amount_minor")}",
    };

    private readonly record struct Key(string Time, Guid StorefrontId, string Currency, Guid ProductId) : IComparable<Key>
    {
        public int CompareTo(Key other) => string.CompareOrdinal(Time, other.Time) is not 0 and var time ? time
            : StorefrontId.CompareTo(other.StorefrontId) is not 0 and var storefront ? storefront : ProductId.CompareTo(other.ProductId);
    }

    private readonly record struct Sums(long Sales, long Orders, long Quantity, long AmountMinor)
    {
        public static Sums operator +(Sums a, Sums b) =>
            checked(new Sums(a.Sales + b.Sales, a.Orders + b.Orders, a.Quantity + b.Quantity, a.AmountMinor + b.AmountMinor));
    }
}
