using Wellmet.Commerce.Orders;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Imports;

/// <summary>
/// What customers bought and did not cancel yet, to find the order that a cancellation means: the one it names, else the latest earlier
/// one of the same customer with enough of the product left.
/// </summary>
internal sealed class OpenQuantities
{
    private readonly Dictionary<(Guid Subject, string Sku), List<Open>> open = [];

    /// <summary>Reads what stands of the subjects and codes.</summary>
    public async Task LoadAsync(Session session, IReadOnlyCollection<Guid> subjects, IReadOnlyCollection<string> skus, CancellationToken ct)
    {
        var ordered = await session.QueryAsync("""
            select l.subject_id, l.sku, l.order_id, o.number, o.placed_at, sum(l.quantity)
            from commerce_order_lines l join commerce_orders o on o.subject_id = l.subject_id and o.order_id = l.order_id
            where l.subject_id in @subjects and l.sku in @skus and l.kind <> 'adjustment'
            group by l.subject_id, l.sku, l.order_id, o.number, o.placed_at
            """, new { subjects, skus }, r => (Subject: r.Guid(0), Sku: r.Text(1), Order: r.Guid(2), Number: r.Text(3), PlacedAt: r.Time(4), Quantity: r.Long(5)), ct);
        ordered.ForEach(o => Add(o.Subject, o.Sku, o.Order, o.Number, o.PlacedAt, o.Quantity));
        var cancelled = await session.QueryAsync("""
            select subject_id, sku, order_id, sum(quantity) from commerce_cancellation_lines
            where subject_id in @subjects and sku in @skus and order_id is not null group by subject_id, sku, order_id
            """, new { subjects, skus }, r => (Subject: r.Guid(0), Sku: r.Text(1), Order: r.Guid(2), Quantity: r.Long(3)), ct);
        foreach (var c in cancelled)
        {
            if (open.TryGetValue((c.Subject, c.Sku), out var orders) && orders.Find(o => o.OrderId == c.Order) is { } order)
            {
                order.Left -= c.Quantity;
            }
        }
    }

    /// <summary>Adds what an order of the running batch sells.</summary>
    public void Add(SalesDocument order)
    {
        foreach (var line in order.Lines.Where(l => l.Kind != LineKind.Adjustment))
        {
            Add(order.SubjectId, line.Sku, order.DocumentId, order.Number, order.PlacedAt, line.Quantity);
        }
    }

    /// <summary>A cancellation that is matched anew leaves the order that it had.</summary>
    public void GiveBack(SalesDocument cancellation, SalesLine line, Guid orderId)
    {
        if (open.TryGetValue((cancellation.SubjectId, line.Sku), out var orders) && orders.Find(o => o.OrderId == orderId) is { } order)
        {
            order.Left += line.Quantity;
        }
    }

    /// <summary>The order of which this quantity is taken; null where none fits.</summary>
    public Guid? Take(SalesDocument cancellation, SalesLine line)
    {
        if (line.Quantity <= 0 || !open.TryGetValue((cancellation.SubjectId, line.Sku), out var orders))
        {
            return null;
        }
        var fitting = orders.FindAll(o => o.Left >= line.Quantity && o.PlacedAt <= line.PlacedAt);
        var taken = fitting.Find(o => o.Number == cancellation.Number) ?? fitting.MaxBy(o => (o.PlacedAt, o.OrderId));
        if (taken is not null)
        {
            taken.Left -= line.Quantity;
        }
        return taken?.OrderId;
    }

    private void Add(Guid subject, string sku, Guid orderId, string number, DateTimeOffset placedAt, long quantity)
    {
        if (!open.TryGetValue((subject, sku), out var orders))
        {
            open[(subject, sku)] = orders = [];
        }
        if (orders.Find(o => o.OrderId == orderId) is { } order)
        {
            order.Left += quantity;
        }
        else
        {
            orders.Add(new Open(orderId, number, placedAt) { Left = quantity });
        }
    }

    private sealed record Open(Guid OrderId, string Number, DateTimeOffset PlacedAt)
    {
        public long Left { get; set; }
    }
}
