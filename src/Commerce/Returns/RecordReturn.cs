using Wellmet.Commerce.Contract;
using Wellmet.Commerce.Orders;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Returns;

/// <summary>Notes that items came back, with what is paid back for them.</summary>
public sealed class RecordReturn(Database database, AuditLog audit, TimeProvider time, CurrentActor actor)
{
    /// <summary>Codes of the reasons.</summary>
    public static readonly IReadOnlyList<string> Reasons = ["unwanted", "damaged", "wrong_item", "not_as_described", "late", "other"];

    /// <summary>What came back.</summary>
    /// <param name="Reason">In the words of the person who noted it.</param>
    public sealed record Request(Guid OrderId, string Reason, IReadOnlyList<ItemQuantity> Items);

    /// <exception cref="ProblemException"><c>order_unknown</c>, <c>reason_unknown</c>, <c>items_missing</c>, <c>items_too_many</c>.</exception>
    public Task RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(CommercePermissions.EditOrders);
        if (!Reasons.Contains(request.Reason))
        {
            throw new ProblemException("reason_unknown", "Choose a reason.", 422);
        }
        return database.WriteAsync(async tx =>
        {
            var head = await OrderHead.FindAsync(tx, request.OrderId, ct);
            await head.LockAsync(tx, ct);
            var items = ItemQuantities.Of(await OrderHead.LinesAsync(tx, head, ct), request.Items);
            Guid returnId = Id.New();
            var now = time.GetUtcNow();
            await tx.ExecuteAsync("""
                insert into commerce_returns (subject_id, return_id, order_id, returned_at, reason, currency, refund_minor)
                values (@SubjectId, @returnId, @OrderId, @now, @Reason, @Currency, @AmountMinor)
                """, new { head.SubjectId, returnId, request.OrderId, now, request.Reason, head.Row.Revenue.Currency, items.AmountMinor }, ct);
            foreach (var item in items.Items.GroupBy(i => i.Sku))
            {
                await tx.ExecuteAsync("insert into commerce_return_lines (subject_id, return_id, sku, quantity) values (@SubjectId, @returnId, @Key, @quantity)",
                    new { head.SubjectId, returnId, item.Key, quantity = item.Sum(i => i.Quantity) }, ct);
            }
            await OrderFigures.RefreshAsync(tx, [head.Key], ct);
            tx.Append(new ItemsReturned(head.SubjectId, now, request.OrderId, returnId, head.Row.Number, head.Row.Revenue.Currency, items.AmountMinor, request.Reason, items.Products));
            await audit.RecordAsync(tx, "order.items_returned", $"order:{request.OrderId}", reason: null, ct, request.Reason);
        }, ct);
    }
}
