using Wellmet.Commerce.Contract;
using Wellmet.Commerce.Orders;
using Wellmet.Commerce.Shipments;
using Wellmet.Demo.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Samples;

/// <summary>The rows and events of some orders of the demo shop.</summary>
/// <param name="products">In the order of the catalogue.</param>
internal sealed class SampleRows(Guid demoId, IReadOnlyList<SoldProduct> products)
{
    private readonly List<SampleOrder> orders = [];
    private readonly List<SampleNumber> numbers = [];
    private readonly List<SampleLine> lines = [], cancelled = [];
    private readonly List<SampleParcel> parcels = [];
    private readonly List<SampleReturn> returns = [];
    private readonly List<SampleCancellation> cancellations = [];
    private readonly List<SampleItem> sent = [], back = [];

    public List<ILogEvent> Events { get; } = [];

    public void Add(Guid subject, string country, DemoOrder order)
    {
        var row = new SampleOrder(demoId, subject, Id.New(), country, order, Amount(order.Lines));
        orders.Add(row);
        numbers.Add(new SampleNumber(demoId, order.Number, DocumentKind.Order, subject, row.OrderId));
        lines.AddRange(order.Lines.Select(l => new SampleLine(row, row.OrderId, Of(l), l.Quantity)));
        Events.Add(new OrderPlaced(subject, order.PlacedAt, row.OrderId, order.Number, demoId, SampleSales.Currency, row.AmountMinor, Units(order.Lines), country, Anonymous: false, Told(order.Lines)));
        if (order.Cancellation is { } cancellation)
        {
            AddCancellation(row, cancellation);
        }
        foreach (var parcel in order.Parcels)
        {
            AddParcel(row, parcel);
        }
        if (order.Return is { } sentBack)
        {
            AddReturn(row, sentBack);
        }
    }

    public async Task WriteAsync(Transaction tx, CancellationToken ct)
    {
        await SampleTables.Numbers.RunAsync(tx, numbers, ct);
        await SampleTables.Orders.RunAsync(tx, orders, ct);
        await SampleTables.OrderLines.RunAsync(tx, lines, ct);
        await SampleTables.Cancellations.RunAsync(tx, cancellations, ct);
        await SampleTables.CancellationLines.RunAsync(tx, cancelled, ct);
        await SampleTables.Shipments.RunAsync(tx, parcels, ct);
        await SampleTables.ShipmentLines.RunAsync(tx, sent, ct);
        await SampleTables.Returns.RunAsync(tx, returns, ct);
        await SampleTables.ReturnLines.RunAsync(tx, back, ct);
    }

    private void AddCancellation(SampleOrder order, DemoCancellation cancellation)
    {
        var row = new SampleCancellation(order, Id.New(), order.Order.Number + "-X", cancellation, Amount(cancellation.Items));
        cancellations.Add(row);
        numbers.Add(new SampleNumber(demoId, row.Number, DocumentKind.Cancellation, order.SubjectId, row.CancellationId));
        cancelled.AddRange(cancellation.Items.Select(i => new SampleLine(order, row.CancellationId, Of(i), i.Quantity)));
        Events.Add(new OrderCancelled(order.SubjectId, cancellation.At, row.CancellationId, row.Number, order.OrderId, demoId, SampleSales.Currency,
            row.AmountMinor, Units(cancellation.Items), Anonymous: false, Told(cancellation.Items)));
    }

    private void AddParcel(SampleOrder order, DemoParcel parcel)
    {
        var row = new SampleParcel(order, Id.New(), parcel);
        parcels.Add(row);
        sent.AddRange(parcel.Items.Select(i => new SampleItem(order.SubjectId, row.ShipmentId, Of(i).Sku, i.Quantity)));
        Events.Add(new ShipmentSent(order.SubjectId, parcel.ShippedAt, order.OrderId, row.ShipmentId, order.Order.Number, parcel.PromisedAt));
        if (parcel.DeliveredAt is { } arrived)
        {
            Events.Add(new ShipmentDelivered(order.SubjectId, arrived, order.OrderId, row.ShipmentId, order.Order.Number, RecordDelivery.LateDays(parcel.PromisedAt, arrived)));
        }
    }

    private void AddReturn(SampleOrder order, DemoReturn sentBack)
    {
        var row = new SampleReturn(order, Id.New(), sentBack, Amount(sentBack.Items));
        returns.Add(row);
        back.AddRange(sentBack.Items.Select(i => new SampleItem(order.SubjectId, row.ReturnId, Of(i).Sku, i.Quantity)));
        Events.Add(new ItemsReturned(order.SubjectId, sentBack.At, order.OrderId, row.ReturnId, order.Order.Number, SampleSales.Currency, row.RefundMinor, sentBack.Reason, Told(sentBack.Items)));
    }

    private SoldProduct Of(DemoItem item) => products[item.Product];

    private long Amount(IEnumerable<DemoItem> items) => items.Sum(i => i.Quantity * Of(i).PriceMinor);

    private static long Units(IEnumerable<DemoItem> items) => items.Sum(i => i.Quantity);

    private OrderedProduct[] Told(IEnumerable<DemoItem> items) => [.. items.Select(i => new OrderedProduct(Of(i).ProductId, i.Quantity, i.Quantity * Of(i).PriceMinor))];
}
