using Wellmet.Commerce.Contract;
using Wellmet.Commerce.Orders;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Shipments;

/// <summary>Notes that a parcel arrived.</summary>
public sealed class RecordDelivery(Database database, AuditLog audit, TimeProvider time, CurrentActor actor)
{
    /// <exception cref="ProblemException"><c>order_unknown</c>, <c>shipment_unknown</c>.</exception>
    public Task RunAsync(Guid orderId, Guid shipmentId, CancellationToken ct)
    {
        actor.Demand(CommercePermissions.EditOrders);
        return database.WriteAsync(async tx =>
        {
            var head = await OrderHead.FindAsync(tx, orderId, ct);
            var now = time.GetUtcNow();
            var found = await tx.QueryAsync("""
                update commerce_shipments set delivered_at = @now
                where subject_id = @SubjectId and shipment_id = @shipmentId and order_id = @orderId and delivered_at is null returning promised_at
                """, new { now, head.SubjectId, shipmentId, orderId }, r => r.IsNull(0) ? (DateTimeOffset?)null : r.Time(0), ct);
            if (found.Count == 0)
            {
                throw new ProblemException("shipment_unknown", "There is no such parcel under way.", 404);
            }
            await OrderFigures.RefreshAsync(tx, [head.Key], ct);
            tx.Append(new ShipmentDelivered(head.SubjectId, now, orderId, shipmentId, head.Row.Number, LateDays(found[0], now)));
            await audit.RecordAsync(tx, "order.delivered", $"order:{orderId}", reason: null, ct);
        }, ct);
    }

    internal static int LateDays(DateTimeOffset? promised, DateTimeOffset arrived) => promised is { } day ? Math.Max(0, (arrived.UtcDateTime.Date - day.UtcDateTime.Date).Days) : 0;
}
