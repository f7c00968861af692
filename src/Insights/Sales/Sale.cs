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

/// <summary>A sale as the log told it: a row of <c>insights_waiting</c>, and once it counts, of <c>insights_sales</c> with its products beside it.</summary>
/// <param name="Day">In the time zone of the storefront.</param>
/// <param name="AmountMinor">Revenue, or what was cancelled; in minor units.</param>
/// <param name="Country">Empty where none is known.</param>
/// <param name="Products">Null where products are not counted: anonymous orders and cancellations.</param>
internal sealed record Sale(
    Guid SubjectId, long Seq, SaleKind Kind, Guid? OrderId, Guid StorefrontId, string Currency, DateOnly Day, DateTimeOffset OccurredAt, long AmountMinor, long Items,
    bool Anonymous, string Country, Guid? ImportId, Json? Products)
{
    /// <summary>The columns of both tables, after which <see cref="Read"/> wants the products, or null.</summary>
    public const string Columns = "subject_id, seq, kind, order_id, storefront_id, currency, day, occurred_at, amount_minor, items, anonymous, country, import_id";

    /// <summary>The columns of both tables.</summary>
    public static Column<Sale>[] Written =>
    [
        new("subject_id", typeof(Guid), s => s.SubjectId),
        new("seq", typeof(long), s => s.Seq),
        new("kind", typeof(SaleKind), s => s.Kind),
        new("order_id", typeof(Guid), s => s.OrderId),
        new("storefront_id", typeof(Guid), s => s.StorefrontId),
        new("currency", typeof(string), s => s.Currency),
        new("day", typeof(DateOnly), s => s.Day),
        new("occurred_at", typeof(DateTimeOffset), s => s.OccurredAt),
        new("amount_minor", typeof(long), s => s.AmountMinor),
        new("items", typeof(long), s => s.Items),
        new("anonymous", typeof(bool), s => s.Anonymous),
        new("country", typeof(string), s => s.Country),
        new("import_id", typeof(Guid), s => s.ImportId),
    ];

    public static Sale? Of(Delivery delivery, ShopDays days) => delivery.Event switch
    {
        OrderPlaced o => Of(delivery, days, SaleKind.Order, o.OrderId, o.StorefrontId, o.Currency, o.RevenueMinor, o.Items, o.Anonymous, o.Country ?? "", Pack(o.Anonymous, o.Products)),
        OrderExtended o => Of(delivery, days, SaleKind.Extension, o.OrderId, o.StorefrontId, o.Currency, o.RevenueMinor, o.Items, o.Anonymous, "", Pack(o.Anonymous, o.Products)),
        OrderCancelled c => Of(delivery, days, SaleKind.Cancellation, c.OrderId, c.StorefrontId, c.Currency, c.AmountMinor, c.Items, c.Anonymous, "", null),
        _ => null,
    };

    public static Sale Read(Row r) => new(r.Guid(0), r.Long(1), r.Enum<SaleKind>(2), r.GuidOrNull(3), r.Guid(4), r.Text(5), r.Day(6), r.Time(7), r.Long(8), r.Long(9),
        r.Bool(10), r.Text(11), r.GuidOrNull(12), r.TextOrNull(13) is { } products ? new Json(products) : null);

    private static Sale Of(
        Delivery delivery, ShopDays days, SaleKind kind, Guid? orderId, Guid storefront, string currency, long amount, long items, bool anonymous, string country, Json? products) =>
        new(delivery.SubjectId, delivery.Seq, kind, orderId, storefront, currency, days.Of(storefront, delivery.Event.OccurredAt), delivery.Event.OccurredAt, amount, items,
            anonymous, country, delivery.ImportId, products);

    private static Json? Pack(bool anonymous, IReadOnlyList<OrderedProduct> products) => anonymous || products.Count == 0 ? null : PackedProducts.Pack(products);
}
