using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Orders;

/// <summary>An order with everything that happened to it.</summary>
public sealed record OrderDetails(
    OrderRow Order, IReadOnlyList<OrderLineRow> Lines, IReadOnlyList<CancelledLine> Cancelled, IReadOnlyList<ShipmentRow> Shipments, IReadOnlyList<ReturnRow> Returns);

/// <param name="Left">Neither cancelled nor returned; of all lines with this code together.</param>
public sealed record OrderLineRow(string Sku, string Name, Guid? ProductId, LineKind Kind, long Quantity, long UnitPrice, long AmountMinor, int Occurrence, long Left);

/// <param name="Number">Of the cancellation.</param>
public sealed record CancelledLine(string Number, DateTimeOffset At, string Sku, long Quantity, long AmountMinor);

public sealed record ShipmentRow(Guid ShipmentId, string? Carrier, string? Tracking, DateTimeOffset? PromisedAt, DateTimeOffset ShippedAt, DateTimeOffset? DeliveredAt);

public sealed record ReturnRow(Guid ReturnId, DateTimeOffset ReturnedAt, string Reason, Money Refund, long Units);

/// <summary>One order, for its page.</summary>
public sealed class ReadOrder(Database database, ICustomers customers, CurrentActor actor)
{
    /// <exception cref="ProblemException"><c>order_unknown</c>.</exception>
    public async Task<OrderDetails> RunAsync(Guid orderId, CancellationToken ct)
    {
        actor.Demand(CommercePermissions.ReadOrders);
        var (head, details) = await database.ReadAsync(async session =>
        {
            var head = await OrderHead.FindAsync(session, orderId, ct);
            var key = new { head.SubjectId, OrderId = orderId };
            var lines = await OrderHead.LinesAsync(session, head, ct);
            return (head, new OrderDetails(head.Row, lines, await CancelledAsync(session, key, ct), await ShipmentsAsync(session, key, ct), await ReturnsAsync(session, key, ct)));
        }, ct);
        var labels = head.Anonymous ? null : await customers.LabelsAsync([head.SubjectId], ct);
        return details with { Order = head.Row with { Customer = labels?.GetValueOrDefault(head.SubjectId) } };
    }

    private static Task<List<CancelledLine>> CancelledAsync(Session session, object key, CancellationToken ct) => session.QueryAsync("""
        select c.number, c.placed_at, l.sku, l.quantity, l.amount_minor from commerce_cancellation_lines l
        join commerce_cancellations c on c.subject_id = l.subject_id and c.cancellation_id = l.cancellation_id
        where l.subject_id = @SubjectId and l.order_id = @OrderId order by c.placed_at
        """, key, r => new CancelledLine(r.Text(0), r.Time(1), r.Text(2), r.Long(3), r.Long(4)), ct);

    private static Task<List<ShipmentRow>> ShipmentsAsync(Session session, object key, CancellationToken ct) => session.QueryAsync("""
        select shipment_id, carrier, tracking, promised_at, shipped_at, delivered_at from commerce_shipments
        where subject_id = @SubjectId and order_id = @OrderId order by shipped_at
        """, key, r => new ShipmentRow(r.Guid(0), r.TextOrNull(1), r.TextOrNull(2), r.IsNull(3) ? null : r.Time(3), r.Time(4), r.IsNull(5) ? null : r.Time(5)), ct);

    private static Task<List<ReturnRow>> ReturnsAsync(Session session, object key, CancellationToken ct) => session.QueryAsync("""
        select r.return_id, r.returned_at, r.reason, r.refund_minor, r.currency,
          coalesce((select sum(l.quantity) from commerce_return_lines l where l.subject_id = r.subject_id and l.return_id = r.return_id), 0)
        from commerce_returns r where r.subject_id = @SubjectId and r.order_id = @OrderId order by r.returned_at
        """, key, r => new ReturnRow(r.Guid(0), r.Time(1), r.Text(2), new Money(r.Long(3), r.Text(4)), r.Long(5)), ct);
}
