using Wellmet.Platform;
using Wellmet.Platform.Log;

namespace Wellmet.Commerce.Contract;

/// <summary>A customer (or somebody unknown) placed an order.</summary>
/// <param name="RevenueMinor">Products and charges, without adjustments, in minor units.</param>
/// <param name="Items">Units ordered.</param>
/// <param name="Country">Where it went; ISO code or the source's word.</param>
/// <param name="Anonymous">Nobody is known behind it: it counts as revenue of no customer.</param>
public sealed record OrderPlaced(
    Guid SubjectId, DateTimeOffset OccurredAt, Guid OrderId, string Number, Guid StorefrontId, string Currency,
    long RevenueMinor, long Items, string? Country, bool Anonymous, IReadOnlyList<OrderedProduct> Products) : ITimelineEntry
{
    public TimelineText Describe() => new("order", "Order {0}: {1} items, {2}",
        [Number, Items, new Money(RevenueMinor, Currency)], $"/console/orders/{OrderId}");
}

/// <summary>
/// More lines of an order that was told before (an invoice that stands in two places of a file, a later export): they add to its figures.
/// It is no order of its own.
/// </summary>
/// <param name="RevenueMinor">What is added.</param>
/// <param name="Items">What is added.</param>
/// <param name="Products">What is added.</param>
public sealed record OrderExtended(
    Guid SubjectId, DateTimeOffset OccurredAt, Guid OrderId, string Number, Guid StorefrontId, string Currency,
    long RevenueMinor, long Items, bool Anonymous, IReadOnlyList<OrderedProduct> Products) : ITimelineEntry
{
    public TimelineText Describe() => new("order", "Order {0} extended: {1} more items, {2}",
        [Number, Items, new Money(RevenueMinor, Currency)], $"/console/orders/{OrderId}");
}

/// <summary>Items of an order, or an order that could not be found, were cancelled.</summary>
/// <param name="OrderId">The order, where one fits.</param>
/// <param name="AmountMinor">What is no longer owed; positive.</param>
public sealed record OrderCancelled(
    Guid SubjectId, DateTimeOffset OccurredAt, Guid CancellationId, string Number, Guid? OrderId, Guid StorefrontId, string Currency,
    long AmountMinor, long Items, bool Anonymous, IReadOnlyList<OrderedProduct> Products) : ITimelineEntry
{
    public TimelineText Describe() => new("cancellation", "Cancellation {0}: {1} items, {2}",
        [Number, Items, new Money(AmountMinor, Currency)], OrderId is { } order ? $"/console/orders/{order}" : null);
}

/// <summary>
/// Some orders and cancellations of a past that stands are told anew, because an import that held them, too, was taken back, or because the
/// shop tells an order differently. What was told of them before has left the log: whoever added it up takes it off.
/// </summary>
/// <param name="ImportId">The import that was taken back; <see cref="Replaced"/> where none was.</param>
/// <param name="Seqs">Numbers of the events that left the log.</param>
public sealed record SalesRetracted(Guid SubjectId, DateTimeOffset OccurredAt, Guid ImportId, IReadOnlyList<long> Seqs) : ILogEvent
{
    /// <summary>Stands for an import that was taken back, where the shop itself tells an order anew.</summary>
    public static readonly Guid Replaced = new("ffffffff-ffff-7fff-bfff-ffffffffffff");
}

/// <summary>A parcel left.</summary>
public sealed record ShipmentSent(
    Guid SubjectId, DateTimeOffset OccurredAt, Guid OrderId, Guid ShipmentId, string OrderNumber, DateTimeOffset? PromisedAt) : ITimelineEntry
{
    public TimelineText Describe() => PromisedAt is { } promised
        ? new("delivery", "Parcel of order {0} sent, promised for {1}", [OrderNumber, promised], $"/console/orders/{OrderId}")
        : new("delivery", "Parcel of order {0} sent", [OrderNumber], $"/console/orders/{OrderId}");
}

/// <summary>A parcel arrived.</summary>
/// <param name="LateDays">Whole days after the promised date; 0 where it was on time or nothing was promised.</param>
public sealed record ShipmentDelivered(
    Guid SubjectId, DateTimeOffset OccurredAt, Guid OrderId, Guid ShipmentId, string OrderNumber, int LateDays) : ITimelineEntry
{
    public TimelineText Describe() => LateDays > 0
        ? new("delivery", "Parcel of order {0} arrived, {1} days late", [OrderNumber, LateDays], $"/console/orders/{OrderId}")
        : new("delivery", "Parcel of order {0} arrived", [OrderNumber], $"/console/orders/{OrderId}");
}

/// <summary>Items came back.</summary>
public sealed record ItemsReturned(
    Guid SubjectId, DateTimeOffset OccurredAt, Guid OrderId, Guid ReturnId, string OrderNumber, string Currency, long RefundMinor,
    string Reason, IReadOnlyList<OrderedProduct> Products) : ITimelineEntry
{
    /// <summary>Reasons of a return that say nothing against the product as it should have come.</summary>
    public static readonly IReadOnlyList<string> Faults = ["damaged", "wrong_item", "late"];

    public TimelineText Describe() => new("return", "Return of order {0}: {1} back", [OrderNumber, new Money(RefundMinor, Currency)], $"/console/orders/{OrderId}");
}
