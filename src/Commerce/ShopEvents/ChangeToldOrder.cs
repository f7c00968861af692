using System.Security.Cryptography;
using System.Text;
using Wellmet.Commerce.Orders;
using Wellmet.Commerce.Returns;
using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.ShopEvents;

/// <summary>
/// Cancels or pays back what the shop's server says, whoever told the order: at most what is left of it, in products and in money, and each
/// message once.
/// </summary>
internal static class ChangeToldOrder
{
    /// <summary>Does nothing where no order bears the number: once it is told, this is caught up with.</summary>
    public static async Task RunAsync(Transaction tx, ToldEvent told, CancellationToken ct)
    {
        if (await StandingOrder.FindAsync(tx, told.Storefront.StorefrontId, told.Number, ct) is not { } standing)
        {
            return;
        }
        var head = await OrderHead.FindAsync(tx, standing.Key.OrderId, ct);
        var lines = await OrderHead.LinesAsync(tx, head, ct);
        if (told.Event.Name == "Order Cancelled")
        {
            if (ItemQuantities.Left(lines) is { Units: > 0 } left)
            {
                told.Tell(tx, await CancelItems.WriteAsync(tx, head, left, told.Event.OccurredAt, ct));
            }
            return;
        }
        var returnId = ReturnIdOf(told);
        if (ToldOrder.CurrencyOf(told.Event, head.Row.Revenue.Currency) == head.Row.Revenue.Currency && !await IsKnownAsync(tx, head, returnId, ct)
            && RefundOf(told, head, lines, await MoneyLeftAsync(tx, head, ct)) is var (items, amount) && amount > 0)
        {
            told.Tell(tx, await RecordReturn.WriteAsync(tx, head, items, new RecordReturn.Refund(amount, "refunded", told.Event.OccurredAt, returnId), ct));
        }
    }

    /// <summary>The products that are named; else all that is left, but for a smaller sum, which is money without products.</summary>
    private static (ItemQuantities Items, long AmountMinor) RefundOf(ToldEvent told, OrderHead head, List<OrderLineRow> lines, long moneyLeft)
    {
        var properties = told.Event.Source.Properties;
        var named = ToldValues.Products(properties)
            .Select(p => new ItemQuantity(ToldValues.ProductCode(p) ?? ToldValues.Code(p, "name", "item_name") ?? "", (long)Math.Clamp(ToldValues.Number(p, "quantity") ?? 1, 0, int.MaxValue))).ToList();
        var left = ItemQuantities.Left(lines);
        var total = ToldValues.Number(properties.Root, "total", "revenue", "value") is { } stated ? Money.From(Math.Abs(stated), head.Row.Revenue.Currency).Minor : (long?)null;
        var items = named.Count > 0 ? ItemQuantities.AtMost(lines, named) : total < left.AmountMinor ? ItemQuantities.AtMost(lines, []) : left;
        return (items, Math.Min(moneyLeft, named.Count > 0 && items.Units == 0 ? 0 : total ?? items.AmountMinor));
    }

    /// <summary>Revenue less what was cancelled and paid back.</summary>
    private static async Task<long> MoneyLeftAsync(Transaction tx, OrderHead head, CancellationToken ct) => head.Row.Revenue.Minor - await tx.CountAsync("""
        select coalesce((select sum(refund_minor) from commerce_returns where subject_id = @SubjectId and order_id = @OrderId), 0)
          + coalesce((select sum(amount_minor) from commerce_cancellation_lines where subject_id = @SubjectId and order_id = @OrderId), 0)
        """, new { head.SubjectId, head.Row.OrderId }, ct);

    private static async Task<bool> IsKnownAsync(Transaction tx, OrderHead head, Guid returnId, CancellationToken ct) =>
        await tx.CountAsync("select count(*) from commerce_returns where subject_id = @SubjectId and return_id = @returnId", new { head.SubjectId, returnId }, ct) > 0;

    /// <summary>The same for the same message of the same key, however often it comes.</summary>
    private static Guid ReturnIdOf(ToldEvent told) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"refund|{told.Event.Source.SourceId:N}|{told.Event.Source.MessageId}")).AsSpan(0, 16), bigEndian: true);
}
