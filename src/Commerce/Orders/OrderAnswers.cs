using System.ComponentModel;
using Wellmet.Commerce.Catalog;
using Wellmet.Platform.Api;

namespace Wellmet.Commerce.Orders;

/// <summary>An order in the list of the API.</summary>
internal sealed record OrderItem(
    Guid Id,
    [property: Description("The shop's own number.")] string Number,
    Guid StorefrontId,
    [property: Description("Null for somebody unknown.")] Guid? CustomerId,
    DateTimeOffset PlacedAt,
    [property: Description("ISO 3166 alpha-2 code, or the source's own word.")] string? Country,
    [property: Description("An adjustment corrects the books and sells nothing.")] OrderKind Kind,
    OrderState State,
    [property: Description("Units ordered.")] long Items,
    [property: Description("Products and charges; cancellations and returns are not subtracted.")] ApiMoney Revenue,
    [property: Description("Who told it: a file, the shop's own server, or a page, which nobody has confirmed yet.")] ToldBy ToldBy)
{
    public static OrderItem Of(OrderRow row) => new(
        row.OrderId, row.Number, row.StorefrontId, row.Customer?.CustomerId, row.PlacedAt, row.Country, row.Kind, row.State, row.Items, ApiMoney.Of(row.Revenue), row.ToldBy);
}

/// <summary>An order in the API, with everything that happened to it.</summary>
internal sealed record OrderAnswer(
    OrderItem Order, IReadOnlyList<OrderAnswer.Line> Lines, IReadOnlyList<OrderAnswer.Shipment> Shipments, IReadOnlyList<OrderAnswer.Return> Returns,
    [property: Description("Lines of cancellations that concern this order.")] IReadOnlyList<OrderAnswer.Cancellation> Cancellations)
{
    /// <summary>A line of the order.</summary>
    internal sealed record Line(
        string Sku, string Name,
        [property: Description("Null for what is no product.")] Guid? ProductId,
        LineKind Kind, long Quantity,
        [property: Description("Neither cancelled nor returned.")] long QuantityLeft,
        [property: Description("Of one, rounded to the minor unit; `amount` is exact.")] ApiMoney UnitPrice,
        ApiMoney Amount);

    /// <summary>A parcel.</summary>
    internal sealed record Shipment(
        Guid Id, string? Carrier,
        [property: Description("Personal: null without the scope `customers.read_personal`.")] string? Tracking,
        DateTimeOffset? PromisedAt, DateTimeOffset ShippedAt,
        [property: Description("Null while it is on its way.")] DateTimeOffset? DeliveredAt);

    /// <summary>Items that came back.</summary>
    internal sealed record Return(Guid Id, DateTimeOffset ReturnedAt, string Reason, long Units, ApiMoney Refund);

    /// <summary>Items that were cancelled.</summary>
    internal sealed record Cancellation(string Number, DateTimeOffset CancelledAt, string Sku, long Quantity, ApiMoney Amount);

    public static OrderAnswer Of(OrderDetails details)
    {
        var currency = details.Order.Revenue.Currency;
        return new OrderAnswer(
            OrderItem.Of(details.Order),
            [.. details.Lines.Select(l => new Line(
                l.Sku, l.Name, l.ProductId, l.Kind, l.Quantity, l.LineLeft, new ApiMoney(UnitPrice.Minor(l.UnitPrice, currency)!.Value, currency), new ApiMoney(l.AmountMinor, currency)))],
            [.. details.Shipments.Select(s => new Shipment(s.ShipmentId, s.Carrier, s.Tracking, s.PromisedAt, s.ShippedAt, s.DeliveredAt))],
            [.. details.Returns.Select(r => new Return(r.ReturnId, r.ReturnedAt, r.Reason, r.Units, ApiMoney.Of(r.Refund)))],
            [.. details.Cancelled.Select(c => new Cancellation(c.Number, c.At, c.Sku, c.Quantity, new ApiMoney(c.AmountMinor, currency)))]);
    }
}
