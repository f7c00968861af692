using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Orders;

/// <summary>Cancels items of an order that have not been sent back or cancelled before.</summary>
public sealed class CancelItems(Database database, AuditLog audit, TimeProvider time, CurrentActor actor)
{
    /// <summary>Which items of which order, in units.</summary>
    public sealed record Request(Guid OrderId, IReadOnlyList<ItemQuantity> Items);

    /// <exception cref="ProblemException"><c>order_unknown</c>, <c>items_missing</c>, <c>items_too_many</c>.</exception>
    public Task RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(CommercePermissions.EditOrders);
        return database.WriteAsync(async tx =>
        {
            var head = await OrderHead.FindAsync(tx, request.OrderId, ct);
            await head.LockAsync(tx, ct);
            var items = ItemQuantities.Of(await OrderHead.LinesAsync(tx, head, ct), request.Items);
            var cancellationId = Id.New();
            await WriteAsync(tx, head, cancellationId, items, ct);
            await OrderFigures.RefreshAsync(tx, [head.Key], ct);
            tx.Append(new OrderCancelled(head.SubjectId, time.GetUtcNow(), cancellationId, NumberOf(cancellationId, head), request.OrderId, head.StorefrontId,
                head.Row.Revenue.Currency, items.AmountMinor, items.Units, head.Anonymous, items.Products));
            await audit.RecordAsync(tx, "order.items_cancelled", $"order:{request.OrderId}", reason: null, ct);
        }, ct);
    }

    private async Task WriteAsync(Transaction tx, OrderHead head, Guid cancellationId, ItemQuantities items, CancellationToken ct)
    {
        var number = NumberOf(cancellationId, head);
        await tx.ExecuteAsync("""
            insert into commerce_cancellations (subject_id, cancellation_id, number, storefront_id, placed_at, currency, country, anonymous, amount_minor, items, lines)
            values (@SubjectId, @cancellationId, @number, @StorefrontId, @now, @Currency, @Country, @Anonymous, @AmountMinor, @Units, @lines)
            """, new
        {
            head.SubjectId, cancellationId, number, head.StorefrontId, now = time.GetUtcNow(), head.Row.Revenue.Currency, head.Row.Country, head.Anonymous,
            items.AmountMinor, items.Units, lines = (long)items.Items.Count,
        }, ct);
        await tx.ExecuteAsync("""
            insert into commerce_order_numbers (storefront_id, number, document, subject_id, document_id) values (@StorefrontId, @number, 'cancellation', @SubjectId, @cancellationId)
            """, new { head.StorefrontId, number, head.SubjectId, cancellationId }, ct);
        foreach (var item in items.Items)
        {
            await tx.ExecuteAsync("""
                insert into commerce_cancellation_lines (subject_id, cancellation_id, sku, quantity, unit_price, occurrence, kind, product_id, amount_minor, order_id)
                values (@SubjectId, @cancellationId, @Sku, @Quantity, @UnitPrice, 1, 'product', @ProductId, @AmountMinor, @OrderId)
                """, new { head.SubjectId, cancellationId, item.Sku, item.Quantity, item.UnitPrice, item.ProductId, item.AmountMinor, head.Row.OrderId }, ct);
        }
    }

    /// <summary>The order's number with the end of our own id: nothing that a shop system would give.</summary>
    private static string NumberOf(Guid cancellationId, OrderHead head) => $"{head.Row.Number}-X{cancellationId.ToString("N")[^8..]}";
}
