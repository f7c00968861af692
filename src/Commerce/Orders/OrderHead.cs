using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Orders;

/// <summary>The row of an order, found by its id alone.</summary>
internal sealed record OrderHead(Guid SubjectId, Guid StorefrontId, bool Anonymous, OrderRow Row)
{
    /// <exception cref="ProblemException"><c>order_unknown</c>.</exception>
    public static async Task<OrderHead> FindAsync(Session session, Guid orderId, CancellationToken ct) => await session.FirstAsync("""
        select subject_id, storefront_id, anonymous, number, placed_at, country, kind, state, items, revenue_minor, currency, told_by from commerce_orders where order_id = @orderId
        """, new { orderId }, r => new OrderHead(r.Guid(0), r.Guid(1), r.Bool(2), new OrderRow(
            orderId, r.Guid(0), r.Text(3), r.Time(4), r.TextOrNull(5), r.Enum<OrderKind>(6), r.Enum<OrderState>(7), r.Long(8), new Money(r.Long(9), r.Text(10)), null) { StorefrontId = r.Guid(1), ToldBy = r.Enum<ToldBy>(11) }), ct)
        ?? throw new ProblemException("order_unknown", "There is no such order.", 404);

    public OrderKey Key => new(SubjectId, Row.OrderId);

    /// <summary>Two people who act on one order act one after the other. On SQLite there is one writer and nothing to lock.</summary>
    public async Task LockAsync(Transaction tx, CancellationToken ct)
    {
        if (tx.Engine == Engine.Postgres)
        {
            await tx.ExecuteAsync("select 1 from commerce_orders where subject_id = @SubjectId and order_id = @OrderId for update", new { SubjectId, Row.OrderId }, ct);
        }
    }

    public static async Task<List<OrderLineRow>> LinesAsync(Session session, OrderHead head, CancellationToken ct)
    {
        var key = new { head.SubjectId, head.Row.OrderId };
        var lines = await session.QueryAsync("""
            select l.sku, coalesce(l.name, p.name, l.sku), l.product_id, l.kind, l.quantity, l.unit_price, l.amount_minor, l.occurrence
            from commerce_order_lines l left join commerce_products p on p.product_id = l.product_id
            where l.subject_id = @SubjectId and l.order_id = @OrderId order by l.kind, l.sku, l.occurrence
            """, key, r => new OrderLineRow(r.Text(0), r.Text(1), r.GuidOrNull(2), r.Enum<LineKind>(3), r.Long(4), r.Long(5), r.Long(6), r.Int(7)), ct);
        var gone = await session.QueryAsync("""
            select sku, unit_price, sum(quantity) from commerce_cancellation_lines where subject_id = @SubjectId and order_id = @OrderId group by sku, unit_price
            union all
            select rl.sku, null, sum(rl.quantity) from commerce_return_lines rl join commerce_returns r on r.subject_id = rl.subject_id and r.return_id = rl.return_id
            where r.subject_id = @SubjectId and r.order_id = @OrderId group by rl.sku
            """, key, r => new GoneItems(r.Text(0), r.LongOrNull(1), r.Long(2)), ct);
        return LinesLeft.Of(lines, gone);
    }
}
