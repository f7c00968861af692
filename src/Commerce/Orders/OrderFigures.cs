using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Orders;

/// <summary>An order's place: whose it is, and which.</summary>
public readonly record struct OrderKey(Guid SubjectId, Guid OrderId);

/// <summary>Derives an order's sums and state from its lines and from what happened to it, always the same way.</summary>
internal static class OrderFigures
{
    private const int Page = 200;

    public static async Task RefreshAsync(Transaction tx, IReadOnlyCollection<OrderKey> orders, CancellationToken ct)
    {
        await ForPagesAsync(tx, Sums, orders, ct);
        await RefreshStatesAsync(tx, orders, ct);
    }

    /// <summary>Of orders whose lines have not changed.</summary>
    public static Task RefreshStatesAsync(Transaction tx, IReadOnlyCollection<OrderKey> orders, CancellationToken ct) => ForPagesAsync(tx, State, orders, ct);

    private static async Task ForPagesAsync(Transaction tx, string sql, IReadOnlyCollection<OrderKey> orders, CancellationToken ct)
    {
        foreach (var page in orders.Distinct().Chunk(Page))
        {
            await tx.ExecuteAsync(sql, new { subjects = page.Select(o => o.SubjectId).Distinct(), orders = page.Select(o => o.OrderId) }, ct);
        }
    }

    private const string Chosen = "where subject_id in @subjects and order_id in @orders";

    private const string Sums = $"""
        update commerce_orders as o set
          kind = case when s.lines > 0 then 'sale' else 'adjustment' end,
          revenue_minor = s.revenue_minor, items = s.items, lines = s.lines, adjustments = s.adjustments
        from (
          select subject_id, order_id,
            sum(case when kind <> 'adjustment' then amount_minor else 0 end) as revenue_minor,
            sum(case when kind = 'product' then quantity else 0 end) as items,
            sum(case when kind <> 'adjustment' then 1 else 0 end) as lines,
            sum(case when kind = 'adjustment' then 1 else 0 end) as adjustments
          from commerce_order_lines {Chosen} group by subject_id, order_id) s
        where s.subject_id = o.subject_id and s.order_id = o.order_id and o.subject_id in @subjects and o.order_id in @orders
        """;

    /// <summary>Cancelled before returned, returned before on its way; part of it where something is left.</summary>
    private const string State = $"""
        with changed as (
          select subject_id, order_id,
            coalesce((select sum(c.quantity) from commerce_cancellation_lines c
                      where c.subject_id = o.subject_id and c.order_id = o.order_id and c.kind = 'product'), 0) as cancelled,
            coalesce((select sum(rl.quantity) from commerce_returns r join commerce_return_lines rl on rl.subject_id = r.subject_id and rl.return_id = r.return_id
                      where r.subject_id = o.subject_id and r.order_id = o.order_id), 0) as returned,
            (select count(*) from commerce_shipments s where s.subject_id = o.subject_id and s.order_id = o.order_id) as parcels,
            (select count(*) from commerce_shipments s where s.subject_id = o.subject_id and s.order_id = o.order_id and s.delivered_at is null) as under_way
          from commerce_orders o {Chosen})
        update commerce_orders as o set state = case
            when c.cancelled > 0 and c.cancelled >= o.items then 'cancelled'
            when c.returned > 0 and c.returned >= o.items - c.cancelled then 'returned'
            when c.returned > 0 then 'part_returned'
            when c.under_way > 0 then 'shipped'
            when c.parcels > 0 then 'delivered'
            when c.cancelled > 0 then 'part_cancelled'
            else 'placed' end
        from changed c where c.subject_id = o.subject_id and c.order_id = o.order_id and o.subject_id in @subjects and o.order_id in @orders
        """;
}
