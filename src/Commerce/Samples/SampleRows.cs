using Wellmet.Commerce.Contract;
using Wellmet.Commerce.Imports;
using Wellmet.Commerce.Orders;
using Wellmet.Commerce.Shipments;
using Wellmet.Customers.Contract;
using Wellmet.Demo.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Samples;

/// <summary>The rows and events of some orders of the demo shop; orders and cancellations are documents, as those of a sales file are.</summary>
/// <param name="products">In the order of the catalogue.</param>
internal sealed class SampleRows(Guid demoId, IReadOnlyList<SoldProduct> products)
{
    /// <summary>Whose a document is stands in its subject: nobody is looked up.</summary>
    private static readonly PersonClaim Somebody = new(IdentityKind.ExternalId, "demo", new PersonDetails());

    private readonly List<DocumentRow> orders = [], cancellations = [];
    private readonly List<LineRow> lines = [], cancelled = [];
    private readonly List<SampleParcel> parcels = [];
    private readonly List<SampleReturn> returns = [];
    private readonly List<SampleItem> sent = [], back = [];
    private readonly List<OrderKey> troubled = [];

    public List<ILogEvent> Events { get; } = [];

    public void Add(Guid subject, string country, DemoOrder order)
    {
        var document = Document(DocumentKind.Order, order.Number, subject, new DocumentHead(order.PlacedAt, SampleSales.Currency, country, Anonymous: false), order.Lines);
        orders.Add(new DocumentRow(document, demoId, demoId) { State = StateOf(order) });
        if (order.Cancellation is not null || order.Return is not null)
        {
            troubled.Add(new OrderKey(subject, document.DocumentId));
        }
        lines.AddRange(Rows(document, order.Lines, null));
        Events.Add(new OrderPlaced(subject, order.PlacedAt, document.DocumentId, order.Number, demoId, SampleSales.Currency, document.AmountMinor, document.Items, country, Anonymous: false, Told(order.Lines)));
        if (order.Cancellation is { } cancellation)
        {
            AddCancellation(document, cancellation);
        }
        foreach (var parcel in order.Parcels)
        {
            AddParcel(document, parcel);
        }
        if (order.Return is { } sentBack)
        {
            AddReturn(document, sentBack);
        }
    }

    public async Task WriteAsync(Transaction tx, CancellationToken ct)
    {
        await SalesTables.Numbers.RunAsync(tx, [.. orders, .. cancellations], ct);
        await SalesTables.Orders.RunAsync(tx, orders, ct);
        await SalesTables.OrderLines.RunAsync(tx, lines, ct);
        await SalesTables.Cancellations.RunAsync(tx, cancellations, ct);
        await SalesTables.CancellationLines.RunAsync(tx, cancelled, ct);
        await SampleTables.Shipments.RunAsync(tx, parcels, ct);
        await SampleTables.ShipmentLines.RunAsync(tx, sent, ct);
        await SampleTables.Returns.RunAsync(tx, returns, ct);
        await SampleTables.ReturnLines.RunAsync(tx, back, ct);
        await OrderFigures.RefreshStatesAsync(tx, troubled, ct);
    }

    /// <summary>Where nothing was cancelled or sent back; what was, is worked out from the rows as ever.</summary>
    private static OrderState StateOf(DemoOrder order) =>
        order.Parcels.Count == 0 ? OrderState.Placed : order.Parcels.All(p => p.DeliveredAt is not null) ? OrderState.Delivered : OrderState.Shipped;

    private void AddCancellation(SalesDocument order, DemoCancellation cancellation)
    {
        var document = Document(DocumentKind.Cancellation, order.Number + "-X", order.SubjectId, order.Head with { PlacedAt = cancellation.At }, cancellation.Items);
        cancellations.Add(new DocumentRow(document, demoId, demoId));
        cancelled.AddRange(Rows(document, cancellation.Items, order.DocumentId));
        Events.Add(new OrderCancelled(order.SubjectId, cancellation.At, document.DocumentId, document.Number, order.DocumentId, demoId, SampleSales.Currency,
            document.AmountMinor, document.Items, Anonymous: false, Told(cancellation.Items)));
    }

    private void AddParcel(SalesDocument order, DemoParcel parcel)
    {
        var row = new SampleParcel(order, demoId, Id.New(), parcel);
        parcels.Add(row);
        sent.AddRange(parcel.Items.Select(i => new SampleItem(order.SubjectId, row.ShipmentId, Of(i).Sku, i.Quantity)));
        Events.Add(new ShipmentSent(order.SubjectId, parcel.ShippedAt, order.DocumentId, row.ShipmentId, order.Number, parcel.PromisedAt));
        if (parcel.DeliveredAt is { } arrived)
        {
            Events.Add(new ShipmentDelivered(order.SubjectId, arrived, order.DocumentId, row.ShipmentId, order.Number, RecordDelivery.LateDays(parcel.PromisedAt, arrived)));
        }
    }

    private void AddReturn(SalesDocument order, DemoReturn sentBack)
    {
        var row = new SampleReturn(order, demoId, Id.New(), sentBack, sentBack.Items.Sum(Amount));
        returns.Add(row);
        back.AddRange(sentBack.Items.Select(i => new SampleItem(order.SubjectId, row.ReturnId, Of(i).Sku, i.Quantity)));
        Events.Add(new ItemsReturned(order.SubjectId, sentBack.At, order.DocumentId, row.ReturnId, order.Number, SampleSales.Currency, row.RefundMinor, sentBack.Reason, Told(sentBack.Items)));
    }

    private SalesDocument Document(DocumentKind kind, string number, Guid subject, DocumentHead head, IEnumerable<DemoItem> items) => new(kind, number, head,
        [.. items.Select(i => new SalesLine(0, kind, number, LineKind.Product, head.PlacedAt, Of(i).Sku, "", i.Quantity, Of(i).UnitPrice, Amount(i), head.Currency, head.Country, Somebody))])
    {
        DocumentId = Id.New(), SubjectId = subject,
    };

    private IEnumerable<LineRow> Rows(SalesDocument document, IEnumerable<DemoItem> items, Guid? order) =>
        document.Lines.Zip(items, (line, item) => new LineRow(document, line, Of(item).ProductId, null, order, demoId));

    private SoldProduct Of(DemoItem item) => products[item.Product];

    private long Amount(DemoItem item) => item.Quantity * Of(item).PriceMinor;

    private OrderedProduct[] Told(IEnumerable<DemoItem> items) => [.. items.Select(i => new OrderedProduct(Of(i).ProductId, i.Quantity, Amount(i)))];
}
