using Wellmet.Commerce.Orders;
using Wellmet.Commerce.Returns;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.ShopEvents;

/// <summary>
/// Cancels or pays back what the shop's server says, whoever told the order: at most what is left, so that the same told twice does nothing.
/// </summary>
internal static class ChangeToldOrder
{
    /// <returns>False where no order bears the number; it may be told later.</returns>
    public static async Task<bool> RunAsync(Transaction tx, ToldEvent told, CancellationToken ct)
    {
        if (await StandingOrder.FindAsync(tx, told.Storefront.StorefrontId, told.Number, ct) is not { } standing)
        {
            return false;
        }
        var head = await OrderHead.FindAsync(tx, standing.Key.OrderId, ct);
        var lines = await OrderHead.LinesAsync(tx, head, ct);
        if (told.Event.Name == "Order Cancelled")
        {
            if (ItemQuantities.Left(lines) is { Units: > 0 } left)
            {
                told.Tell(tx, await CancelItems.WriteAsync(tx, head, left, told.Event.OccurredAt, ct));
            }
        }
        else if (RefundOf(told, head, lines) is var (items, amount) && amount > 0)
        {
            told.Tell(tx, await RecordReturn.WriteAsync(tx, head, items, new RecordReturn.Refund(amount, "refunded", told.Event.OccurredAt), ct));
        }
        return true;
    }

    /// <summary>The named products; else all that is left, but for a smaller sum, which is money without products.</summary>
    private static (ItemQuantities Items, long AmountMinor) RefundOf(ToldEvent told, OrderHead head, List<OrderLineRow> lines)
    {
        var properties = told.Event.Source.Properties;
        var named = ToldValues.Products(properties)
            .Select(p => new ItemQuantity(ToldValues.ProductCode(p) ?? ToldValues.Code(p, "name", "item_name") ?? "", (long)Math.Clamp(EventProperties.NumberIn(p, "quantity") ?? 1, 0, int.MaxValue))).ToList();
        var left = ItemQuantities.Left(lines);
        var total = EventProperties.NumberIn(properties.Root, "total", "revenue", "value") is { } stated && Math.Abs(stated) < 1e12m
            ? Money.From(Math.Abs(stated), head.Row.Revenue.Currency).Minor : (long?)null;
        var items = named.Count > 0 ? ItemQuantities.AtMost(lines, named) : total < left.AmountMinor ? ItemQuantities.AtMost(lines, []) : left;
        return (items, named.Count > 0 && items.Units == 0 ? 0 : named.Count == 0 && left.Units == 0 ? 0 : total ?? items.AmountMinor);
    }
}
