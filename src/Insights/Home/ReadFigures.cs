using Wellmet.Insights.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;

namespace Wellmet.Insights.Home;

/// <summary>The figures of a period. All are of known customers but the anonymous ones; money is in minor units of the scope's currency.</summary>
/// <param name="Revenue">Products and charges of the orders; cancellations are not subtracted.</param>
/// <param name="Customers">Distinct customers with an order in the period.</param>
/// <param name="RepeatCustomers">Of them, those with two orders or more in the period.</param>
/// <param name="NewCustomers">Customers whose first order of all falls into the period, and is of the scope.</param>
/// <param name="ReturningCustomers">Customers of the period who had ordered before it, in whatever storefront and currency.</param>
public sealed record Figures(
    long Orders, Money Revenue, long Items, long AnonymousOrders, Money AnonymousRevenue, long Cancellations, Money Cancelled,
    long Customers, long RepeatCustomers, long NewCustomers, long ReturningCustomers)
{
    /// <summary>Null without an order.</summary>
    public Money? AverageOrder => Orders == 0 ? null
        : Revenue with { Minor = (long)Math.Round((decimal)Revenue.Minor / Orders, MidpointRounding.AwayFromZero) };

    /// <summary>Null without an order.</summary>
    public double? ItemsPerOrder => Orders == 0 ? null : (double)Items / Orders;

    /// <summary>Null without a customer.</summary>
    public double? RepeatRate => Customers == 0 ? null : (double)RepeatCustomers / Customers;

    /// <summary>What was cancelled in the period as a share of its revenue; null without revenue.</summary>
    public double? CancelledShare => Revenue.Minor <= 0 ? null : (double)Cancelled.Minor / Revenue.Minor;
}

/// <summary>Sums up a period.</summary>
public sealed class ReadFigures(Database database, CurrentActor actor)
{
    public Task<Figures> RunAsync(SalesScope scope, CancellationToken ct)
    {
        actor.Demand(InsightsPermissions.Read);
        return database.ReadAsync(async session =>
        {
            var sums = await session.QueryAsync($"""
                select sum(orders), sum(revenue_minor), sum(items), sum(anonymous_orders), sum(anonymous_revenue_minor), sum(cancellations), sum(cancelled_minor), sum(new_customers)
                from insights_daily where {SalesScope.Where}
                """, scope.Parameters, r => Enumerable.Range(0, 8).Select(i => r.LongOrNull(i) ?? 0).ToArray(), ct);
            var (customers, repeat, returning) = await session.FirstAsync($"""
                select count(*), coalesce(sum(case when orders > 1 then 1 else 0 end), 0), coalesce(sum(case when {SalesScope.OrderedBefore("@From")} then 1 else 0 end), 0)
                from (select customer_id, count(*) as orders {SalesScope.Buyers} group by customer_id) b
                """, scope.Parameters, r => (r.Long(0), r.Long(1), r.Long(2)), ct);
            var s = sums[0];
            return new Figures(s[0], new Money(s[1], scope.Currency), s[2], s[3], new Money(s[4], scope.Currency),
                s[5], new Money(s[6], scope.Currency), customers, repeat, s[7], returning);
        }, ct);
    }
}
