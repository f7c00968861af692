using Wellmet.Insights.Sales;
using Wellmet.Platform.Storage;

namespace Wellmet.Insights.Rollups;

/// <summary>The roll-ups as sums over sales: each statement adds (sign 1) or subtracts (sign -1) what a set of sales is worth.</summary>
internal static class DailySums
{
    private const string Key = "day, storefront_id, currency";
    private static readonly string[] Figures =
        ["orders", "revenue_minor", "items", "anonymous_orders", "anonymous_revenue_minor", "cancellations", "cancelled_minor"];

    /// <summary>The row's lock is held to the end of the transaction: one node changes the roll-ups at a time.</summary>
    public static Task LockAsync(Transaction tx, CancellationToken ct) =>
        tx.ExecuteAsync("update insights_rollup_state set version = version + 1 where id = 1", null, ct);

    /// <summary>All figures that are plain sums over the sales in this state.</summary>
    public static async Task AddAsync(Transaction tx, SaleState state, int sign, CancellationToken ct)
    {
        var parameters = new { state, sign };
        await tx.ExecuteAsync($"""
            insert into insights_daily ({Key}, {string.Join(", ", Figures)}, new_customers)
            select {Key},
              @sign * sum(case when kind = 'order' and not anonymous then 1 else 0 end),
              @sign * sum(case when kind <> 'cancellation' and not anonymous then amount_minor else 0 end),
              @sign * sum(case when kind <> 'cancellation' and not anonymous then items else 0 end),
              @sign * sum(case when kind = 'order' and anonymous then 1 else 0 end),
              @sign * sum(case when kind <> 'cancellation' and anonymous then amount_minor else 0 end),
              @sign * sum(case when kind = 'cancellation' and not anonymous then 1 else 0 end),
              @sign * sum(case when kind = 'cancellation' and not anonymous then amount_minor else 0 end), 0
            from insights_sales where state <> 'counted' and state = @state group by {Key}
            on conflict ({Key}) do update set {Added("insights_daily", Figures)}
            """, parameters, ct);
        await tx.ExecuteAsync($"""
            insert into insights_daily_countries ({Key}, country, sales, orders, revenue_minor)
            select {Key}, country, @sign * count(*), @sign * sum(case when kind = 'order' then 1 else 0 end), @sign * sum(amount_minor)
            from insights_sales where state <> 'counted' and state = @state and kind <> 'cancellation' and not anonymous group by {Key}, country
            on conflict ({Key}, country) do update set {Added("insights_daily_countries", "sales", "orders", "revenue_minor")}
            """, parameters, ct);
        await ProductSums.AddAsync(tx, state, sign, ct);
    }

    /// <summary>
    /// Customers who are new, on the day of their first order. Who came is not a sum: so before sales move, the first orders of their
    /// customers are taken off, and afterwards the first orders as they are then are put on.
    /// </summary>
    public static Task AddNewCustomersAsync(Transaction tx, IReadOnlyCollection<Guid> customers, int sign, CancellationToken ct) => tx.ExecuteAsync($"""
        insert into insights_daily ({Key}, {string.Join(", ", Figures)}, new_customers)
        select {Key}, 0, 0, 0, 0, 0, 0, 0, @sign * count(*) from (
          select {Key}, row_number() over (partition by customer_id order by occurred_at, seq) as place
          from insights_sales where customer_id in @customers and kind = 'order' and not anonymous and state in ('counted', 'leaving')) orders
        where place = 1 group by {Key}
        on conflict ({Key}) do update set {Added("insights_daily", "new_customers")}
        """, new { customers, sign }, ct);

    /// <summary>Rows behind which no sale is left.</summary>
    public static async Task DeleteEmptyAsync(Transaction tx, IReadOnlyCollection<string> days, CancellationToken ct)
    {
        await tx.ExecuteAsync("delete from insights_daily where day in @days and orders = 0 and anonymous_orders = 0 and cancellations = 0 "
            + "and revenue_minor = 0 and anonymous_revenue_minor = 0 and cancelled_minor = 0 and items = 0 and new_customers = 0", new { days }, ct);
        await tx.ExecuteAsync("delete from insights_daily_countries where day in @days and sales = 0", new { days }, ct);
        await ProductSums.DeleteEmptyAsync(tx, days, ct);
    }

    /// <summary>The update of an upsert that adds.</summary>
    internal static string Added(string table, params string[] columns) => string.Join(", ", columns.Select(c => $"{c} = {table}.{c} + excluded.{c}"));
}
