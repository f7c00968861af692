using Wellmet.Commerce.Contract;
using Wellmet.Platform.Log;
using Wellmet.Platform.Webhooks;

namespace Wellmet.Commerce.Orders;

/// <summary>What other programs hear of orders. <c>customer_id</c> is whom the API answers for; after a merge it leads to the customer it belongs to.</summary>
internal sealed class OrderWebhooks : IWebhookEvents
{
    public IReadOnlyList<WebhookType> Types { get; } =
    [
        new WebhookType("order.placed", "An order was placed"), new WebhookType("order.cancelled", "Items of an order were cancelled"), new WebhookType("order.returned", "Items came back, or money was paid back"),
        new WebhookType("shipment.sent", "A parcel left"), new WebhookType("shipment.delivered", "A parcel arrived"),
    ];

    public IReadOnlyList<Type> Accepts { get; } = [typeof(OrderPlaced), typeof(OrderCancelled), typeof(ItemsReturned), typeof(ShipmentSent), typeof(ShipmentDelivered)];

    public WebhookMessage? MessageOf(ILogEvent happened) => happened switch
    {
        OrderPlaced e => Of("order.placed", e, new { order_id = e.OrderId, number = e.Number, customer_id = CustomerOf(e, e.Anonymous), storefront_id = e.StorefrontId, revenue = Amount(e.RevenueMinor, e.Currency), items = e.Items, country = e.Country }),
        OrderCancelled e => Of("order.cancelled", e, new { order_id = e.OrderId, number = e.Number, customer_id = CustomerOf(e, e.Anonymous), storefront_id = e.StorefrontId, amount = Amount(e.AmountMinor, e.Currency), items = e.Items }),
        ItemsReturned e => Of("order.returned", e, new { order_id = e.OrderId, number = e.OrderNumber, customer_id = e.SubjectId, return_id = e.ReturnId, refund = Amount(e.RefundMinor, e.Currency), reason = e.Reason }),
        ShipmentSent e => Of("shipment.sent", e, new { order_id = e.OrderId, number = e.OrderNumber, customer_id = e.SubjectId, shipment_id = e.ShipmentId, promised_at = e.PromisedAt?.UtcDateTime }),
        ShipmentDelivered e => Of("shipment.delivered", e, new { order_id = e.OrderId, number = e.OrderNumber, customer_id = e.SubjectId, shipment_id = e.ShipmentId, late_days = e.LateDays }),
        _ => null,
    };

    private static WebhookMessage Of(string type, ILogEvent happened, object data) => new(type, happened.OccurredAt, happened.SubjectId, data);

    private static Guid? CustomerOf(ILogEvent happened, bool anonymous) => anonymous ? null : happened.SubjectId;

    private static object Amount(long minor, string currency) => new { amount_minor = minor, currency };
}
