using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Commerce.Shipments;

/// <summary>A parcel of an order.</summary>
/// <param name="SealedTracking">As it is kept.</param>
public sealed record ShipmentRow(
    Guid ShipmentId, string? Carrier, Sealed<string>? SealedTracking, DateTimeOffset? PromisedAt, DateTimeOffset ShippedAt, DateTimeOffset? DeliveredAt)
{
    internal const string TrackingColumn = "commerce_shipments.tracking";

    /// <summary>The carrier's number of the parcel; null until it is opened.</summary>
    [Pii("tracking number")]
    public string? Tracking { get; init; }

    /// <param name="key"><c>SubjectId</c> and <c>OrderId</c>.</param>
    internal static Task<List<ShipmentRow>> ReadAsync(Session session, object key, CancellationToken ct) => session.QueryAsync("""
        select shipment_id, carrier, tracking, promised_at, shipped_at, delivered_at from commerce_shipments
        where subject_id = @SubjectId and order_id = @OrderId order by shipped_at
        """, key, r => new ShipmentRow(r.Guid(0), r.TextOrNull(1), r.Sealed(2), r.IsNull(3) ? null : r.Time(3), r.Time(4), r.IsNull(5) ? null : r.Time(5)), ct);
}
