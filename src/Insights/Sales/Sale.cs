using Wellmet.Commerce.Contract;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;

namespace Wellmet.Insights.Sales;

/// <summary>What an event adds to the figures.</summary>
public enum SaleKind
{
    Order,

    /// <summary>More revenue and items of an order that was told before.</summary>
    Extension,

    /// <summary>What is no longer owed; shown beside revenue, never subtracted from it.</summary>
    Cancellation,
}

/// <summary>Where a sale stands on its way into and out of the roll-ups.</summary>
public enum SaleState
{
    Waiting,
    Entering,
    Counted,
    Leaving,
}

/// <summary>A row of <c>insights_sales</c>, with the products that belong beside it.</summary>
/// <param name="Day">In the time zone of the storefront.</param>
/// <param name="AmountMinor">Revenue, or what was cancelled; in minor units.</param>
/// <param name="Country">Empty where none is known.</param>
/// <param name="Products">Null where products are not counted: anonymous orders and cancellations.</param>
internal sealed record Sale(
    Delivery Delivery, SaleKind Kind, Guid? OrderId, Guid StorefrontId, string Currency, DateOnly Day, long AmountMinor, long Items,
    bool Anonymous, string Country, Json? Products)
{
    public static Sale? Of(Delivery delivery, ShopDays days) => delivery.Event switch
    {
        OrderPlaced o => new Sale(delivery, SaleKind.Order, o.OrderId, o.StorefrontId, o.Currency, days.Of(o.StorefrontId, o.OccurredAt),
            o.RevenueMinor, o.Items, o.Anonymous, o.Country ?? "", Pack(o.Anonymous, o.Products)),
        OrderExtended o => new Sale(delivery, SaleKind.Extension, o.OrderId, o.StorefrontId, o.Currency, days.Of(o.StorefrontId, o.OccurredAt),
            o.RevenueMinor, o.Items, o.Anonymous, "", Pack(o.Anonymous, o.Products)),
        OrderCancelled c => new Sale(delivery, SaleKind.Cancellation, c.OrderId, c.StorefrontId, c.Currency, days.Of(c.StorefrontId, c.OccurredAt),
            c.AmountMinor, c.Items, c.Anonymous, "", null),
        _ => null,
    };

    private static Json? Pack(bool anonymous, IReadOnlyList<OrderedProduct> products) => anonymous || products.Count == 0 ? null : PackedProducts.Pack(products);
}
