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
            tx.Append(await WriteAsync(tx, head, items, time.GetUtcNow(), ct));
            await audit.RecordAsync(tx, "order.items_cancelled", $"order:{request.OrderId}", reason: null, ct);
        }, ct);
    }

    /// <summary>Writes what was cancelled of an order; answers what is to be told of it.</summary>
    /// <param name="known">Where the same cancellation may be told again; else it gets an id of its own.</param>
    internal static async Task<OrderCancelled> WriteAsync(Transaction tx, OrderHead head, ItemQuantities items, DateTimeOffset at, CancellationToken ct, Guid? known = null)
    {
        var cancellationId = known ?? Id.New();
        var number = NumberOf(cancellationId, head);
        await tx.ExecuteAsync("""
            insert into commerce_cancellations (subject_id, cancellation_id, number, storefront_id, placed_at, currency, country, anonymous, amount_minor, items, lines)
            values (@SubjectId, @cancellationId, @number, @StorefrontId, @at, @Currency, @Country, @Anonymous, @AmountMinor, @Units, @lines)
            """, new
        {
            head.SubjectId, cancellationId, number, head.StorefrontId, at, head.Row.Revenue.Currency, head.Row.Country, head.Anonymous,
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
        await OrderFigures.RefreshAsync(tx, [head.Key], ct);
        return new OrderCancelled(head.SubjectId, at, cancellationId, number, head.Row.OrderId, head.StorefrontId,
            head.Row.Revenue.Currency, items.AmountMinor, items.Units, head.Anonymous, items.Products);
    }

    /// <summary>The order's number with the end of our own id: nothing that a shop system would give.</summary>
    private static string NumberOf(Guid cancellationId, OrderHead head) => $"{head.Row.Number}-X{cancellationId.ToString("N")[^8..]}";
}
