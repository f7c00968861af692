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
            tx.Append(await WriteAsync(tx, head, items, new Refund(items.AmountMinor, request.Reason, time.GetUtcNow()), ct));
            await audit.RecordAsync(tx, "order.items_returned", $"order:{request.OrderId}", reason: null, ct, request.Reason);
        }, ct);
    }

    /// <summary>Writes what came back of an order, or only what was paid back; answers what is to be told of it.</summary>
    internal static async Task<ItemsReturned> WriteAsync(Transaction tx, OrderHead head, ItemQuantities items, Refund refund, CancellationToken ct)
    {
        var returnId = refund.ReturnId ?? Id.New();
        await tx.ExecuteAsync("""
            insert into commerce_returns (subject_id, return_id, order_id, returned_at, reason, currency, refund_minor)
            values (@SubjectId, @returnId, @OrderId, @At, @Reason, @Currency, @AmountMinor)
            """, new { head.SubjectId, returnId, head.Row.OrderId, refund.At, refund.Reason, head.Row.Revenue.Currency, refund.AmountMinor }, ct);
        foreach (var item in items.Items.GroupBy(i => i.Sku))
        {
            await tx.ExecuteAsync("insert into commerce_return_lines (subject_id, return_id, sku, quantity) values (@SubjectId, @returnId, @Key, @quantity)",
                new { head.SubjectId, returnId, item.Key, quantity = item.Sum(i => i.Quantity) }, ct);
        }
        await OrderFigures.RefreshAsync(tx, [head.Key], ct);
        return new ItemsReturned(head.SubjectId, refund.At, head.Row.OrderId, returnId, head.Row.Number, head.Row.Revenue.Currency, refund.AmountMinor, refund.Reason, items.Products);
    }

    /// <summary>What is paid back, in minor units of the order's currency, and why.</summary>
    /// <param name="ReturnId">Where the same refund may be told again; else it gets one of its own.</param>
    internal sealed record Refund(long AmountMinor, string Reason, DateTimeOffset At, Guid? ReturnId = null);
}
