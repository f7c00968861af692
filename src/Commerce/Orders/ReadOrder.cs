using Wellmet.Commerce.Contract;
using Wellmet.Commerce.Shipments;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Commerce.Orders;

/// <summary>An order with everything that happened to it.</summary>
public sealed record OrderDetails(
    OrderRow Order, IReadOnlyList<OrderLineRow> Lines, IReadOnlyList<CancelledLine> Cancelled, IReadOnlyList<ShipmentRow> Shipments, IReadOnlyList<ReturnRow> Returns);

/// <param name="Left">Neither cancelled nor returned; of all lines with this code together.</param>
/// <param name="LineLeft">Of this line alone; see <see cref="LinesLeft"/>.</param>
public sealed record OrderLineRow(
    string Sku, string Name, Guid? ProductId, LineKind Kind, long Quantity, long UnitPrice, long AmountMinor, int Occurrence, long Left = 0, long LineLeft = 0);

/// <param name="Number">Of the cancellation.</param>
public sealed record CancelledLine(string Number, DateTimeOffset At, string Sku, long Quantity, long AmountMinor);

/// <summary>A return of some items.</summary>
/// <param name="Units">How many pieces came back.</param>
public sealed record ReturnRow(Guid ReturnId, DateTimeOffset ReturnedAt, string Reason, Money Refund, long Units);

/// <summary>One order, for its page.</summary>
public sealed class ReadOrder(Database database, ICustomers customers, KeyStore store, CurrentActor actor)
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
            return (head, new OrderDetails(head.Row, lines, await CancelledAsync(session, key, ct), await ShipmentRow.ReadAsync(session, key, ct), await ReturnsAsync(session, key, ct)));
        }, ct);
        var labels = head.Anonymous ? null : await customers.LabelsAsync([head.SubjectId], ct);
        return details with { Order = head.Row with { Customer = labels?.GetValueOrDefault(head.SubjectId) }, Shipments = await OpenAsync(head.SubjectId, details.Shipments, ct) };
    }

    /// <summary>Tracking numbers are for those who may see personal data.</summary>
    private async Task<IReadOnlyList<ShipmentRow>> OpenAsync(Guid subjectId, IReadOnlyList<ShipmentRow> shipments, CancellationToken ct)
    {
        if (shipments.Count == 0 || !actor.May(CustomersPermissions.ReadPersonal))
        {
            return shipments;
        }
        var keys = await store.KeysAsync([subjectId], create: false, ct);
        return [.. shipments.Select(s => s with { Tracking = keys.Open(subjectId, ShipmentRow.TrackingColumn, s.SealedTracking) })];
    }

    private static Task<List<CancelledLine>> CancelledAsync(Session session, object key, CancellationToken ct) => session.QueryAsync("""
        select c.number, c.placed_at, l.sku, l.quantity, l.amount_minor from commerce_cancellation_lines l
        join commerce_cancellations c on c.subject_id = l.subject_id and c.cancellation_id = l.cancellation_id
        where l.subject_id = @SubjectId and l.order_id = @OrderId order by c.placed_at
        """, key, r => new CancelledLine(r.Text(0), r.Time(1), r.Text(2), r.Long(3), r.Long(4)), ct);

    private static Task<List<ReturnRow>> ReturnsAsync(Session session, object key, CancellationToken ct) => session.QueryAsync("""
        select r.return_id, r.returned_at, r.reason, r.refund_minor, r.currency,
          coalesce((select sum(l.quantity) from commerce_return_lines l where l.subject_id = r.subject_id and l.return_id = r.return_id), 0)
        from commerce_returns r where r.subject_id = @SubjectId and r.order_id = @OrderId order by r.returned_at
        """, key, r => new ReturnRow(r.Guid(0), r.Time(1), r.Text(2), new Money(r.Long(3), r.Text(4)), r.Long(5)), ct);
}
