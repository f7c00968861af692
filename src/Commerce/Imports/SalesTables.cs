using Wellmet.Commerce.Catalog;
using Wellmet.Commerce.Orders;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Imports;

/// <summary>A document with what each of its rows bears.</summary>
/// <param name="ImportId">Null where an event told it.</param>
internal sealed record DocumentRow(SalesDocument Document, Guid StorefrontId, Guid? ImportId, ToldBy ToldBy = ToldBy.Import)
{
    /// <summary>Of an order whose parcels are known from the start; else what became of it is worked out afterwards.</summary>
    public OrderState State { get; init; } = OrderState.Placed;
}

/// <summary>A line with what its row bears beside it.</summary>
internal readonly record struct LineRow(SalesDocument Document, SalesLine Line, Guid? ProductId, string? Name, Guid? OrderId, Guid? ImportId);

/// <summary>A product with what its row bears beside it.</summary>
internal sealed record ProductRow(NewProduct Product, InferredType Inferred, DateTimeOffset CreatedAt, Guid? ImportId)
{
    /// <summary>Where it is known before anything was sold.</summary>
    public Guid? CategoryId { get; init; }

    /// <summary>As <see cref="CategoryId"/>; in 1/10000.</summary>
    public long? UnitPrice { get; init; }
    public string? Brand { get; init; }
    public long? Stock { get; init; }
    public DateOnly? AvailableSince { get; init; }
}

/// <summary>The tables that sales fill. No conflict is passed over: what stands already was taken out before.</summary>
internal static class SalesTables
{
    private static readonly Column<ProductRow>[] ProductColumns =
    [
        new("product_id", typeof(Guid), p => p.Product.ProductId),
        new("sku", typeof(string), p => p.Product.Sku),
        new("name", typeof(string), p => p.Product.Name),
        new("type", typeof(Contract.ProductType), p => p.Inferred.Type),
        new("type_source", typeof(TypeSource), _ => TypeSource.Inferred),
        new("kind", typeof(string), p => p.Inferred.Kind),
        new("kind_source", typeof(TypeSource), _ => TypeSource.Inferred),
        new("category_id", typeof(Guid), p => p.CategoryId),
        new("unit_price", typeof(long), p => p.UnitPrice),
        new("currency", typeof(string), p => p.Product.Currency),
        new("priced_at", typeof(DateTimeOffset), p => p.UnitPrice is null ? null : p.CreatedAt),
        new("active", typeof(bool), _ => true),
        new("brand", typeof(string), p => p.Brand),
        new("stock", typeof(long), p => p.Stock),
        new("available_since", typeof(DateOnly), p => p.AvailableSince),
        new("created_at", typeof(DateTimeOffset), p => p.CreatedAt),
        new("import_id", typeof(Guid), p => p.ImportId),
    ];

    public static readonly BulkInsert<ProductRow> Products = new("commerce_products", ProductColumns);

    /// <summary>Several events at once may be the first to name a product.</summary>
    public static readonly BulkInsert<ProductRow> ToldProducts = new("commerce_products", ProductColumns) { OnConflict = "on conflict (sku) do nothing" };

    public static readonly BulkInsert<DocumentRow> Numbers = new("commerce_order_numbers",
        new("storefront_id", typeof(Guid), d => d.StorefrontId),
        new("number", typeof(string), d => d.Document.Number),
        new("document", typeof(DocumentKind), d => d.Document.Kind),
        new("subject_id", typeof(Guid), d => d.Document.SubjectId),
        new("document_id", typeof(Guid), d => d.Document.DocumentId),
        new("import_id", typeof(Guid), d => d.ImportId));

    public static readonly BulkInsert<DocumentRow> Orders = Documents("commerce_orders", "order_id",
        new("kind", typeof(OrderKind), d => d.Document.Sells ? OrderKind.Sale : OrderKind.Adjustment),
        new("revenue_minor", typeof(long), d => d.Document.AmountMinor),
        new("lines", typeof(long), d => (long)d.Document.Sold.Count()),
        new("adjustments", typeof(long), d => (long)d.Document.Lines.Count(l => l.Kind == LineKind.Adjustment)),
        new("state", typeof(OrderState), d => d.State),
        new("told_by", typeof(ToldBy), d => d.ToldBy));

    public static readonly BulkInsert<DocumentRow> Cancellations = Documents("commerce_cancellations", "cancellation_id",
        new("amount_minor", typeof(long), d => d.Document.AmountMinor),
        new("lines", typeof(long), d => (long)d.Document.Lines.Count));

    public static readonly BulkInsert<LineRow> OrderLines = Lines("commerce_order_lines", "order_id",
        new("product_id", typeof(Guid), r => r.ProductId),
        new("placed_at", typeof(DateTimeOffset), r => r.Document.PlacedAt));

    public static readonly BulkInsert<LineRow> CancellationLines = Lines("commerce_cancellation_lines", "cancellation_id",
        new("product_id", typeof(Guid), r => r.ProductId),
        new("order_id", typeof(Guid), r => r.OrderId));

    /// <summary>A file may come back to a document in another place.</summary>
    public static readonly BulkInsert<DocumentRow> NamedDocuments = new("commerce_named_documents",
        new("subject_id", typeof(Guid), d => d.Document.SubjectId),
        new("document_id", typeof(Guid), d => d.Document.DocumentId),
        new("import_id", typeof(Guid), d => d.ImportId),
        new("person_id", typeof(Guid), d => d.Document.PersonId),
        new("placed_at", typeof(DateTimeOffset), d => d.Document.Head.PlacedAt),
        new("currency", typeof(string), d => d.Document.Head.Currency),
        new("country", typeof(string), d => d.Document.Head.Country),
        new("anonymous", typeof(bool), d => d.Document.Head.Anonymous))
    { OnConflict = "on conflict do nothing" };

    public static readonly BulkInsert<LineRow> NamedLines = Lines("commerce_named_lines", "document_id");

    private static BulkInsert<DocumentRow> Documents(string table, string id, params Column<DocumentRow>[] more) => new(table,
    [
        new("subject_id", typeof(Guid), d => d.Document.SubjectId),
        new(id, typeof(Guid), d => d.Document.DocumentId),
        new("number", typeof(string), d => d.Document.Number),
        new("storefront_id", typeof(Guid), d => d.StorefrontId),
        new("placed_at", typeof(DateTimeOffset), d => d.Document.PlacedAt),
        new("currency", typeof(string), d => d.Document.Currency),
        new("country", typeof(string), d => d.Document.Country),
        new("anonymous", typeof(bool), d => d.Document.Anonymous),
        new("items", typeof(long), d => d.Document.Items),
        new("import_id", typeof(Guid), d => d.ImportId),
        .. more,
    ]);

    private static BulkInsert<LineRow> Lines(string table, string document, params Column<LineRow>[] more) => new(table,
    [
        new("subject_id", typeof(Guid), r => r.Document.SubjectId),
        new(document, typeof(Guid), r => r.Document.DocumentId),
        new("sku", typeof(string), r => r.Line.Sku),
        new("quantity", typeof(long), r => r.Line.Quantity),
        new("unit_price", typeof(long), r => r.Line.UnitPrice),
        new("occurrence", typeof(int), r => r.Line.Occurrence),
        new("kind", typeof(LineKind), r => r.Line.Kind),
        new("name", typeof(string), r => r.Name),
        new("amount_minor", typeof(long), r => r.Line.AmountMinor),
        new("import_id", typeof(Guid), r => r.ImportId),
        .. more,
    ]);
}
