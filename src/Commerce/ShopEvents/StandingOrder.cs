using Wellmet.Commerce.Contract;
using Wellmet.Commerce.Imports;
using Wellmet.Commerce.Orders;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.ShopEvents;

/// <summary>The order that stands under a number.</summary>
internal sealed record StandingOrder(OrderKey Key, ToldBy ToldBy, DateTimeOffset PlacedAt)
{
    /// <summary>Locked, so that two who tell of one order do so one after the other. On SQLite there is one writer and nothing to lock.</summary>
    public static Task<StandingOrder?> FindAsync(Transaction tx, Guid storefrontId, string number, CancellationToken ct) => tx.FirstAsync($"""
        select o.subject_id, o.order_id, o.told_by, o.placed_at from commerce_order_numbers n
        join commerce_orders o on o.subject_id = n.subject_id and o.order_id = n.document_id
        where n.storefront_id = @storefrontId and n.number = @number and n.document = 'order' {tx.Pick("", "for update of o")}
        """, new { storefrontId, number }, r => new StandingOrder(new OrderKey(r.Guid(0), r.Guid(1)), r.Enum<ToldBy>(2), r.Time(3)), ct);

    /// <summary>Takes what events told of the order out of the books and out of the log, and says so to everybody who added it up.</summary>
    public async Task RetractAsync(Transaction tx, LogReader log, DateTimeOffset now, CancellationToken ct)
    {
        var products = await tx.QueryAsync("delete from commerce_order_lines where subject_id = @SubjectId and order_id = @OrderId and import_id is null returning product_id",
            new { Key.SubjectId, Key.OrderId }, r => r.GuidOrNull(0), ct);
        await ProductPrices.RefreshAsync(tx, [.. products.OfType<Guid>()], ct);
        tx.Untell(IsOfOrder);
        var told = (await log.OfSubjectsAsync(tx, [Key.SubjectId], [typeof(OrderPlaced)], ct)).FindAll(d => d.ImportId is null && IsOfOrder(d.Event));
        if (told.Count > 0)
        {
            await LogHistory.ForgetAsync(tx, told, ct);
            tx.AppendHistory(new SalesRetracted(Key.SubjectId, now, SalesRetracted.Replaced, [.. told.Select(d => d.Seq)]), importId: null);
        }
    }

    private bool IsOfOrder(ILogEvent told) => told is OrderPlaced placed && placed.OrderId == Key.OrderId;

    /// <summary>Lines that files brought.</summary>
    public async Task<HashSet<LineKey>> LinesAsync(Transaction tx, CancellationToken ct) => [.. await tx.QueryAsync(
        "select sku, quantity, unit_price, occurrence from commerce_order_lines where subject_id = @SubjectId and order_id = @OrderId", new { Key.SubjectId, Key.OrderId },
        r => new LineKey(r.Text(0), r.Long(1), r.Long(2), r.Int(3)), ct)];

    /// <summary>Whether a parcel, a return, a cancellation or a file speaks of the order, too: then it stays with whom it is.</summary>
    public async Task<bool> IsHandledAsync(Transaction tx, CancellationToken ct) => await tx.CountAsync("""
        select count(*) from (
          select 1 from commerce_shipments where subject_id = @SubjectId and order_id = @OrderId
          union all select 1 from commerce_returns where subject_id = @SubjectId and order_id = @OrderId
          union all select 1 from commerce_cancellation_lines where subject_id = @SubjectId and order_id = @OrderId
          union all select 1 from commerce_named_documents where subject_id = @SubjectId and document_id = @OrderId) x
        """, new { Key.SubjectId, Key.OrderId }, ct) > 0;

    /// <summary>Deletes the row and the number: the order is about to be written for somebody else.</summary>
    public async Task DeleteAsync(Transaction tx, Guid storefrontId, string number, CancellationToken ct)
    {
        await tx.ExecuteAsync("delete from commerce_orders where subject_id = @SubjectId and order_id = @OrderId", new { Key.SubjectId, Key.OrderId }, ct);
        await tx.ExecuteAsync("delete from commerce_order_numbers where storefront_id = @storefrontId and number = @number and document = 'order'", new { storefrontId, number }, ct);
    }
}
