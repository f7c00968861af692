using Wellmet.Commerce.Contract;
using Wellmet.Commerce.Orders;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Commerce.Shipments;

/// <summary>Notes that a parcel of an order left.</summary>
public sealed class RecordShipment(Database database, KeyStore store, AuditLog audit, TimeProvider time, CurrentActor actor)
{
    private const int Longest = 100;

    /// <param name="PromisedAt">When it was promised to arrive.</param>
    public sealed record Request(Guid OrderId, string? Carrier, string? Tracking, DateTimeOffset? PromisedAt);

    /// <exception cref="ProblemException"><c>order_unknown</c>, <c>name_too_long</c>.</exception>
    public async Task<Guid> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(CommercePermissions.EditOrders);
        var carrier = Clean(request.Carrier);
        var head = await database.ReadAsync(s => OrderHead.FindAsync(s, request.OrderId, ct), ct);
        var tracking = await SealAsync(head, Clean(request.Tracking), ct);
        return await database.WriteAsync(async tx =>
        {
            await head.LockAsync(tx, ct);
            var items = (await OrderHead.LinesAsync(tx, head, ct)).Where(l => l.Kind == LineKind.Product && l.Left > 0).DistinctBy(l => l.Sku).Select(l => new ItemQuantity(l.Sku, l.Left));
            var parcel = new Parcel(Id.New(), carrier, tracking, request.PromisedAt, time.GetUtcNow(), [.. items]);
            tx.Append(await WriteAsync(tx, head, parcel, ct));
            await audit.RecordAsync(tx, "order.shipped", $"order:{request.OrderId}", reason: null, ct);
            return parcel.ShipmentId;
        }, ct);
    }

    /// <summary>Writes that a parcel left; answers what is to be told of it.</summary>
    internal static async Task<ShipmentSent> WriteAsync(Transaction tx, OrderHead head, Parcel parcel, CancellationToken ct)
    {
        await tx.ExecuteAsync("""
            insert into commerce_shipments (subject_id, shipment_id, order_id, carrier, tracking, promised_at, shipped_at)
            values (@SubjectId, @ShipmentId, @OrderId, @Carrier, @Tracking, @PromisedAt, @SentAt)
            """, new { head.SubjectId, parcel.ShipmentId, head.Row.OrderId, parcel.Carrier, parcel.Tracking, parcel.PromisedAt, parcel.SentAt }, ct);
        foreach (var item in parcel.Items)
        {
            await tx.ExecuteAsync("insert into commerce_shipment_lines (subject_id, shipment_id, sku, quantity) values (@SubjectId, @ShipmentId, @Sku, @Quantity)",
                new { head.SubjectId, parcel.ShipmentId, item.Sku, item.Quantity }, ct);
        }
        await OrderFigures.RefreshAsync(tx, [head.Key], ct);
        return new ShipmentSent(head.SubjectId, parcel.SentAt, head.Row.OrderId, parcel.ShipmentId, head.Row.Number, parcel.PromisedAt);
    }

    /// <param name="Items">Each product once.</param>
    internal sealed record Parcel(Guid ShipmentId, string? Carrier, Sealed<string>? Tracking, DateTimeOffset? PromisedAt, DateTimeOffset SentAt, IReadOnlyList<ItemQuantity> Items);

    /// <summary>Of somebody who was erased no tracking number is kept: there is no key to seal it with. Who was never known gets one now.</summary>
    private async Task<Sealed<string>?> SealAsync(OrderHead head, string? tracking, CancellationToken ct)
    {
        var keys = await store.KeysAsync([head.SubjectId], create: head.Anonymous, ct);
        return keys.Has(head.SubjectId) ? keys.SealOrNull(head.SubjectId, ShipmentRow.TrackingColumn, tracking) : null;
    }

    private static string? Clean(string? text) => text?.Trim().Replace("\0", "", StringComparison.Ordinal) switch
    {
        null or "" => null,
        { Length: > Longest } => throw new ProblemException("name_too_long", "A name may have at most {0} characters.", 422, Longest),
        var clean => clean,
    };
}
