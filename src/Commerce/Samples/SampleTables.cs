using Wellmet.Commerce.Catalog;
using Wellmet.Commerce.Orders;
using Wellmet.Demo.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Samples;

/// <summary>A product of the demo shop as orders need it.</summary>
/// <param name="UnitPrice">In 1/10000.</param>
internal sealed record SoldProduct(Guid ProductId, string Sku, long UnitPrice)
{
    public long PriceMinor { get; } = UnitPrice / SampleTables.PerMinor;
}

/// <summary>A product with what its row bears beside it.</summary>
internal sealed record SampleProduct(DemoProduct Product, Guid CategoryId, InferredType Inferred, Guid DemoId, DateTimeOffset At);

internal sealed record SampleNumber(Guid DemoId, string Number, DocumentKind Document, Guid SubjectId, Guid DocumentId);

internal sealed record SampleOrder(Guid DemoId, Guid SubjectId, Guid OrderId, string Country, DemoOrder Order, long AmountMinor)
{
    /// <summary>The same that <see cref="OrderFigures"/> derives from the rows.</summary>
    public OrderState State
    {
        get
        {
            var (units, cancelled, returned) = (Units(Order.Lines), Units(Order.Cancellation?.Items), Units(Order.Return?.Items));
            return cancelled >= units ? OrderState.Cancelled
                : returned > 0 ? returned >= units - cancelled ? OrderState.Returned : OrderState.PartReturned
                : Order.Parcels.Any(p => p.DeliveredAt is null) ? OrderState.Shipped
                : Order.Parcels.Count > 0 ? OrderState.Delivered
                : cancelled > 0 ? OrderState.PartCancelled : OrderState.Placed;
        }
    }

    public static long Units(IEnumerable<DemoItem>? items) => items?.Sum(i => i.Quantity) ?? 0;
}

/// <summary>A line of an order or, under another document, of its cancellation.</summary>
internal sealed record SampleLine(SampleOrder Order, Guid DocumentId, SoldProduct Product, long Quantity);

internal sealed record SampleCancellation(SampleOrder Order, Guid CancellationId, string Number, DemoCancellation Cancellation, long AmountMinor);

internal sealed record SampleParcel(SampleOrder Order, Guid ShipmentId, DemoParcel Parcel);

internal sealed record SampleReturn(SampleOrder Order, Guid ReturnId, DemoReturn Return, long RefundMinor);

/// <summary>So many of a product in a parcel or a return.</summary>
internal sealed record SampleItem(Guid SubjectId, Guid DocumentId, string Sku, long Quantity);

/// <summary>The tables that the demo shop fills.</summary>
internal static class SampleTables
{
    /// <summary>Units of a unit price in a cent.</summary>
    public const long PerMinor = LineAmount.PriceScale / 100;

    public static readonly BulkInsert<SampleProduct> Products = new("commerce_products",
        new("product_id", typeof(Guid), _ => Id.New()),
        new("sku", typeof(string), p => p.Product.Sku),
        new("name", typeof(string), p => p.Product.Name),
        new("type", typeof(Contract.ProductType), p => p.Inferred.Type),
        new("type_source", typeof(TypeSource), _ => TypeSource.Inferred),
        new("kind", typeof(string), p => p.Inferred.Kind),
        new("kind_source", typeof(TypeSource), _ => TypeSource.Inferred),
        new("category_id", typeof(Guid), p => p.CategoryId),
        new("unit_price", typeof(long), p => p.Product.PriceMinor * PerMinor),
        new("currency", typeof(string), _ => SampleSales.Currency),
        new("priced_at", typeof(DateTimeOffset), p => p.At),
        new("active", typeof(bool), _ => true),
        new("created_at", typeof(DateTimeOffset), p => p.At),
        new("import_id", typeof(Guid), p => p.DemoId));

    public static readonly BulkInsert<SampleNumber> Numbers = new("commerce_order_numbers",
        new("storefront_id", typeof(Guid), n => n.DemoId),
        new("number", typeof(string), n => n.Number),
        new("document", typeof(DocumentKind), n => n.Document),
        new("subject_id", typeof(Guid), n => n.SubjectId),
        new("document_id", typeof(Guid), n => n.DocumentId),
        new("import_id", typeof(Guid), n => n.DemoId));

    public static readonly BulkInsert<SampleOrder> Orders = new("commerce_orders",
        new("subject_id", typeof(Guid), o => o.SubjectId),
        new("order_id", typeof(Guid), o => o.OrderId),
        new("number", typeof(string), o => o.Order.Number),
        new("storefront_id", typeof(Guid), o => o.DemoId),
        new("placed_at", typeof(DateTimeOffset), o => o.Order.PlacedAt),
        new("currency", typeof(string), _ => SampleSales.Currency),
        new("country", typeof(string), o => o.Country),
        new("kind", typeof(OrderKind), _ => OrderKind.Sale),
        new("anonymous", typeof(bool), _ => false),
        new("revenue_minor", typeof(long), o => o.AmountMinor),
        new("items", typeof(long), o => SampleOrder.Units(o.Order.Lines)),
        new("lines", typeof(long), o => (long)o.Order.Lines.Count),
        new("adjustments", typeof(long), _ => 0L),
        new("state", typeof(OrderState), o => o.State),
        new("import_id", typeof(Guid), o => o.DemoId));

    public static readonly BulkInsert<SampleLine> OrderLines = Lines("commerce_order_lines", "order_id",
        new Column<SampleLine>("placed_at", typeof(DateTimeOffset), l => l.Order.Order.PlacedAt));

    public static readonly BulkInsert<SampleLine> CancellationLines = Lines("commerce_cancellation_lines", "cancellation_id",
        new Column<SampleLine>("order_id", typeof(Guid), l => l.Order.OrderId));

    public static readonly BulkInsert<SampleCancellation> Cancellations = new("commerce_cancellations",
        new("subject_id", typeof(Guid), c => c.Order.SubjectId),
        new("cancellation_id", typeof(Guid), c => c.CancellationId),
        new("number", typeof(string), c => c.Number),
        new("storefront_id", typeof(Guid), c => c.Order.DemoId),
        new("placed_at", typeof(DateTimeOffset), c => c.Cancellation.At),
        new("currency", typeof(string), _ => SampleSales.Currency),
        new("country", typeof(string), c => c.Order.Country),
        new("anonymous", typeof(bool), _ => false),
        new("amount_minor", typeof(long), c => c.AmountMinor),
        new("items", typeof(long), c => SampleOrder.Units(c.Cancellation.Items)),
        new("lines", typeof(long), c => (long)c.Cancellation.Items.Count),
        new("import_id", typeof(Guid), c => c.Order.DemoId));

    public static readonly BulkInsert<SampleParcel> Shipments = new("commerce_shipments",
        new("subject_id", typeof(Guid), p => p.Order.SubjectId),
        new("shipment_id", typeof(Guid), p => p.ShipmentId),
        new("order_id", typeof(Guid), p => p.Order.OrderId),
        new("carrier", typeof(string), p => p.Parcel.Carrier),
        new("promised_at", typeof(DateTimeOffset), p => p.Parcel.PromisedAt),
        new("shipped_at", typeof(DateTimeOffset), p => p.Parcel.ShippedAt),
        new("delivered_at", typeof(DateTimeOffset), p => p.Parcel.DeliveredAt),
        new("import_id", typeof(Guid), p => p.Order.DemoId));

    public static readonly BulkInsert<SampleItem> ShipmentLines = Items("commerce_shipment_lines", "shipment_id");

    public static readonly BulkInsert<SampleReturn> Returns = new("commerce_returns",
        new("subject_id", typeof(Guid), r => r.Order.SubjectId),
        new("return_id", typeof(Guid), r => r.ReturnId),
        new("order_id", typeof(Guid), r => r.Order.OrderId),
        new("returned_at", typeof(DateTimeOffset), r => r.Return.At),
        new("reason", typeof(string), r => r.Return.Reason),
        new("currency", typeof(string), _ => SampleSales.Currency),
        new("refund_minor", typeof(long), r => r.RefundMinor),
        new("import_id", typeof(Guid), r => r.Order.DemoId));

    public static readonly BulkInsert<SampleItem> ReturnLines = Items("commerce_return_lines", "return_id");

    private static BulkInsert<SampleLine> Lines(string table, string document, Column<SampleLine> more) => new(table,
        new("subject_id", typeof(Guid), l => l.Order.SubjectId),
        new(document, typeof(Guid), l => l.DocumentId),
        new("sku", typeof(string), l => l.Product.Sku),
        new("quantity", typeof(long), l => l.Quantity),
        new("unit_price", typeof(long), l => l.Product.UnitPrice),
        new("occurrence", typeof(int), _ => 1),
        new("kind", typeof(LineKind), _ => LineKind.Product),
        new("product_id", typeof(Guid), l => l.Product.ProductId),
        new("amount_minor", typeof(long), l => l.Quantity * l.Product.PriceMinor),
        new("import_id", typeof(Guid), l => l.Order.DemoId),
        more);

    private static BulkInsert<SampleItem> Items(string table, string document) => new(table,
        new("subject_id", typeof(Guid), i => i.SubjectId),
        new(document, typeof(Guid), i => i.DocumentId),
        new("sku", typeof(string), i => i.Sku),
        new("quantity", typeof(long), i => i.Quantity));
}
