using Wellmet.Commerce.Imports;
using Wellmet.Commerce.Orders;
using Wellmet.Demo.Contract;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Samples;

/// <summary>A product of the demo shop as orders need it.</summary>
/// <param name="UnitPrice">In 1/10000.</param>
internal sealed record SoldProduct(Guid ProductId, string Sku, long UnitPrice)
{
    /// <summary>Units of a unit price in a cent.</summary>
    public const long PerMinor = LineAmount.PriceScale / 100;

    public long PriceMinor { get; } = UnitPrice / PerMinor;
}

internal sealed record SampleParcel(SalesDocument Order, Guid DemoId, Guid ShipmentId, DemoParcel Parcel);

internal sealed record SampleReturn(SalesDocument Order, Guid DemoId, Guid ReturnId, DemoReturn Return, long RefundMinor);

/// <summary>So many of a product in a parcel or a return.</summary>
internal sealed record SampleItem(Guid SubjectId, Guid DocumentId, string Sku, long Quantity);

/// <summary>The tables that the demo shop fills beside those of sales (<see cref="SalesTables"/>): what became of an order.</summary>
internal static class SampleTables
{
    public static readonly BulkInsert<SampleParcel> Shipments = new("commerce_shipments",
        new("subject_id", typeof(Guid), p => p.Order.SubjectId),
        new("shipment_id", typeof(Guid), p => p.ShipmentId),
        new("order_id", typeof(Guid), p => p.Order.DocumentId),
        new("carrier", typeof(string), p => p.Parcel.Carrier),
        new("promised_at", typeof(DateTimeOffset), p => p.Parcel.PromisedAt),
        new("shipped_at", typeof(DateTimeOffset), p => p.Parcel.ShippedAt),
        new("delivered_at", typeof(DateTimeOffset), p => p.Parcel.DeliveredAt),
        new("import_id", typeof(Guid), p => p.DemoId));

    public static readonly BulkInsert<SampleItem> ShipmentLines = Items("commerce_shipment_lines", "shipment_id");

    public static readonly BulkInsert<SampleReturn> Returns = new("commerce_returns",
        new("subject_id", typeof(Guid), r => r.Order.SubjectId),
        new("return_id", typeof(Guid), r => r.ReturnId),
        new("order_id", typeof(Guid), r => r.Order.DocumentId),
        new("returned_at", typeof(DateTimeOffset), r => r.Return.At),
        new("reason", typeof(string), r => r.Return.Reason),
        new("currency", typeof(string), _ => SampleSales.Currency),
        new("refund_minor", typeof(long), r => r.RefundMinor),
        new("import_id", typeof(Guid), r => r.DemoId));

    public static readonly BulkInsert<SampleItem> ReturnLines = Items("commerce_return_lines", "return_id");

    private static BulkInsert<SampleItem> Items(string table, string document) => new(table,
        new("subject_id", typeof(Guid), i => i.SubjectId),
        new(document, typeof(Guid), i => i.DocumentId),
        new("sku", typeof(string), i => i.Sku),
        new("quantity", typeof(long), i => i.Quantity));
}
