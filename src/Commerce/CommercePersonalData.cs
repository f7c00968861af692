using System.Globalization;
using Wellmet.Commerce.Orders;
using Wellmet.Commerce.Shipments;
using Wellmet.Commerce.Signals;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Commerce;

/// <summary>
/// What Commerce holds about people: orders and what happened to them, and what they looked at, put into baskets, wished for and rated. Erasure keeps the orders themselves, as the law of taxes demands
/// of a shop's books, under an id that leads to nobody any more; what leads to a person, the tracking number of a parcel, goes, and so does what they did before they ordered.
/// </summary>
internal sealed class CommercePersonalData(Database database, KeyStore store) : IPersonalData
{
    public async Task<IReadOnlyList<PersonalRecord>> ExportAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct)
    {
        var keys = await store.KeysAsync(subjects, create: false, ct);
        return await database.ReadAsync<IReadOnlyList<PersonalRecord>>(async s =>
        [
            .. await s.QueryAsync(Orders, new { subjects }, Order, ct),
            .. await s.QueryAsync(OrderLines, new { subjects }, r => Line("order_line", r), ct),
            .. await s.QueryAsync(Cancellations, new { subjects }, Cancellation, ct),
            .. await s.QueryAsync(CancellationLines, new { subjects }, r => Line("cancellation_line", r), ct),
            .. await s.QueryAsync(Shipments, new { subjects }, r => Shipment(r, keys), ct),
            .. await s.QueryAsync(ShipmentLines, new { subjects }, r => Part("shipment_line", r), ct),
            .. await s.QueryAsync(Returns, new { subjects }, Return, ct),
            .. await s.QueryAsync(ReturnLines, new { subjects }, r => Part("return_line", r), ct),
            .. await s.QueryAsync(SignalsIn(KeepSignals.Given), new { subjects }, r => Signal("product_signal", r), ct),
            .. await s.QueryAsync(SignalsIn(KeepSignals.Back), new { subjects }, r => Signal("product_signal_taken_back", r), ct),
        ], ct);
    }

    public async Task EraseAsync(IReadOnlyCollection<Guid> subjects, Transaction tx, CancellationToken ct)
    {
        await tx.ExecuteAsync("update commerce_shipments set tracking = null where subject_id in @subjects", new { subjects }, ct);
        await KeepSignals.ForgetAsync(tx, subjects, ct);
    }

    private const string Orders = """
        select o.subject_id, o.number, o.placed_at, f.name, o.country, o.state, o.items, o.revenue_minor, o.currency
        from commerce_orders o join commerce_storefronts f on f.storefront_id = o.storefront_id where o.subject_id in @subjects order by o.placed_at, o.order_id
        """;

    private const string OrderLines = """
        select l.subject_id, o.number, l.sku, coalesce(l.name, p.name), l.quantity, l.unit_price, l.amount_minor, o.currency
        from commerce_order_lines l join commerce_orders o on o.subject_id = l.subject_id and o.order_id = l.order_id
        left join commerce_products p on p.product_id = l.product_id where l.subject_id in @subjects order by o.placed_at, o.order_id, l.sku
        """;

    private const string Cancellations = """
        select c.subject_id, c.number, c.placed_at, f.name, c.items, c.amount_minor, c.currency
        from commerce_cancellations c join commerce_storefronts f on f.storefront_id = c.storefront_id where c.subject_id in @subjects order by c.placed_at, c.cancellation_id
        """;

    private const string CancellationLines = """
        select l.subject_id, c.number, l.sku, coalesce(l.name, p.name), l.quantity, l.unit_price, l.amount_minor, c.currency
        from commerce_cancellation_lines l join commerce_cancellations c on c.subject_id = l.subject_id and c.cancellation_id = l.cancellation_id
        left join commerce_products p on p.product_id = l.product_id where l.subject_id in @subjects order by c.placed_at, c.cancellation_id, l.sku
        """;

    private const string Shipments = """
        select s.subject_id, o.number, s.carrier, s.tracking, s.shipped_at, s.promised_at, s.delivered_at
        from commerce_shipments s join commerce_orders o on o.subject_id = s.subject_id and o.order_id = s.order_id
        where s.subject_id in @subjects order by s.shipped_at, s.shipment_id
        """;

    private const string ShipmentLines = """
        select l.subject_id, o.number, s.shipped_at, l.sku, l.quantity from commerce_shipment_lines l
        join commerce_shipments s on s.subject_id = l.subject_id and s.shipment_id = l.shipment_id
        join commerce_orders o on o.subject_id = s.subject_id and o.order_id = s.order_id where l.subject_id in @subjects order by s.shipped_at, s.shipment_id, l.sku
        """;

    private const string Returns = """
        select r.subject_id, o.number, r.returned_at, r.reason, r.refund_minor, r.currency
        from commerce_returns r join commerce_orders o on o.subject_id = r.subject_id and o.order_id = r.order_id
        where r.subject_id in @subjects order by r.returned_at, r.return_id
        """;

    private const string ReturnLines = """
        select l.subject_id, o.number, r.returned_at, l.sku, l.quantity from commerce_return_lines l
        join commerce_returns r on r.subject_id = l.subject_id and r.return_id = l.return_id
        join commerce_orders o on o.subject_id = r.subject_id and o.order_id = r.order_id where l.subject_id in @subjects order by r.returned_at, r.return_id, l.sku
        """;

    private static string SignalsIn(string table) => $"""
        select s.subject_id, p.sku, p.name, s.happened_at, s.kind from {table} s left join commerce_products p on p.product_id = s.product_id
        where s.subject_id in @subjects order by s.happened_at, s.product_id, s.kind
        """;

    private static PersonalRecord Order(Row r) => PersonalRecord.Of(r.Guid(0), "order", ("number", r.Text(1)), ("placed_at", At(r, 2)), ("storefront", r.Text(3)),
        ("country", r.TextOrNull(4)), ("state", r.Text(5)), ("items", Number(r.Long(6))), ("revenue", new Money(r.Long(7), r.Text(8)).ToString()));

    private static PersonalRecord Cancellation(Row r) => PersonalRecord.Of(r.Guid(0), "cancellation", ("number", r.Text(1)), ("cancelled_at", At(r, 2)),
        ("storefront", r.Text(3)), ("items", Number(r.Long(4))), ("amount", new Money(r.Long(5), r.Text(6)).ToString()));

    private static PersonalRecord Shipment(Row r, SubjectKeys keys) => PersonalRecord.Of(r.Guid(0), "shipment", ("order", r.Text(1)), ("carrier", r.TextOrNull(2)),
        ("tracking", keys.Open(r.Guid(0), ShipmentRow.TrackingColumn, r.Sealed(3))), ("shipped_at", At(r, 4)), ("promised_at", At(r, 5)), ("delivered_at", At(r, 6)));

    private static PersonalRecord Return(Row r) => PersonalRecord.Of(r.Guid(0), "return", ("order", r.Text(1)), ("returned_at", At(r, 2)), ("reason", r.Text(3)),
        ("refund", new Money(r.Long(4), r.Text(5)).ToString()));

    private static PersonalRecord Signal(string kind, Row r) => PersonalRecord.Of(r.Guid(0), kind, ("what", r.Text(4)), ("code", r.TextOrNull(1)), ("name", r.TextOrNull(2)), ("at", At(r, 3)));

    private static PersonalRecord Line(string kind, Row r) => PersonalRecord.Of(r.Guid(0), kind, ("number", r.Text(1)), ("code", r.Text(2)), ("name", r.TextOrNull(3)),
        ("quantity", Number(r.Long(4))), ("unit_price", (r.Long(5) / (decimal)LineAmount.PriceScale).ToString(CultureInfo.InvariantCulture)),
        ("amount", new Money(r.Long(6), r.Text(7)).ToString()));

    private static PersonalRecord Part(string kind, Row r) =>
        PersonalRecord.Of(r.Guid(0), kind, ("order", r.Text(1)), ("at", At(r, 2)), ("code", r.Text(3)), ("quantity", Number(r.Long(4))));

    private static string? At(Row r, int column) => r.IsNull(column) ? null : r.Time(column).ToString("u", CultureInfo.InvariantCulture);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
