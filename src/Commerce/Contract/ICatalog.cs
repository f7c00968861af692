namespace Wellmet.Commerce.Contract;

/// <summary>How a product is used up; decides when it may be offered again.</summary>
public enum ProductType
{
    /// <summary>Bought once and kept: a lamp.</summary>
    Durable,

    /// <summary>Used up and bought again: candles.</summary>
    Consumable,

    /// <summary>More of its kind are welcome, the same one is not: a figurine of a series.</summary>
    Collectable,
}

/// <summary>How a product is shown in a line.</summary>
/// <param name="Kind">The noun it is, e.g. <c>lantern</c>; products of one kind replace each other.</param>
/// <param name="PriceMinor">What the shop asks for one, else what the latest order paid, in minor units; null where neither is known.</param>
/// <param name="Demo">It came with the demo shop.</param>
public sealed record ProductLabel(Guid ProductId, string Sku, string Name, ProductType Type, string? Kind, long? PriceMinor, string Currency, bool Active, bool Demo = false)
{
    public string? Brand { get; init; }

    /// <summary>Who sells it on the shop's market place; null for the shop itself.</summary>
    public string? Seller { get; init; }

    /// <summary>The shop's own group.</summary>
    public string? Category { get; init; }

    /// <summary>Pieces; null where the shop does not tell it.</summary>
    public long? Stock { get; init; }

    /// <summary>For how many days the shop offers it, today; below 0 for one that is still to come, null where the shop does not tell it.</summary>
    public int? DaysOffered { get; init; }

    /// <summary>It is told that none is left.</summary>
    public bool IsSoldOut => Stock == 0;
}

/// <summary>Where a product is seen.</summary>
/// <param name="ImageUrl">https; null where none is told.</param>
/// <param name="PageUrl">Its page in the shop; likewise.</param>
public sealed record ProductLinks(Guid ProductId, string? ImageUrl, string? PageUrl);

/// <summary>What other modules may ask about products.</summary>
public interface ICatalog
{
    Task<IReadOnlyDictionary<Guid, ProductLabel>> LabelsAsync(IReadOnlyCollection<Guid> products, CancellationToken ct);

    /// <summary>Products by their codes, as a shop's pages know them.</summary>
    Task<IReadOnlyDictionary<string, ProductLabel>> BySkuAsync(IReadOnlyCollection<string> skus, CancellationToken ct);

    /// <summary>Every product; for models that are trained on all.</summary>
    Task<IReadOnlyList<ProductLabel>> AllAsync(CancellationToken ct);

    /// <summary>Addresses of products, for letters and pages that show a few of them.</summary>
    Task<IReadOnlyDictionary<Guid, ProductLinks>> LinksAsync(IReadOnlyCollection<Guid> products, CancellationToken ct);
}

/// <summary>What the sales came to in the currency of most orders, by the definitions of the user guide; lines are those of all currencies.</summary>
/// <param name="Customers">Known customers with at least one order.</param>
/// <param name="Orders">Orders of known customers with at least one line of revenue.</param>
/// <param name="RevenueMinor">Products and charges of those orders, cancellations not subtracted.</param>
/// <param name="RepeatCustomers">Of the customers, those with two orders or more.</param>
/// <param name="Lines">Order lines by class: customer, anonymous, cancelled, adjustment, rejected.</param>
public sealed record SalesTotals(long Customers, long Orders, long RevenueMinor, string Currency, long RepeatCustomers, IReadOnlyDictionary<string, long> Lines)
{
    /// <summary>Share of the customers who came back; null where there is no customer.</summary>
    public double? RepeatPurchaseRate => Customers == 0 ? null : (double)RepeatCustomers / Customers;
}

/// <summary>A product of one order.</summary>
/// <param name="Kept">Pieces that were neither cancelled nor sent back; 0 where none is left.</param>
public sealed record BoughtProduct(Guid OrderId, Guid ProductId, DateTimeOffset PlacedAt, long Kept)
{
    /// <summary>Who ordered: one of the subjects that were asked about.</summary>
    public Guid SubjectId { get; init; }

    /// <summary>Nobody is known behind the order.</summary>
    public bool Anonymous { get; init; }

    /// <summary>Pieces that came back without a fault of the shop: for another reason than <see cref="ItemsReturned.Faults"/>.</summary>
    public long Unwanted { get; init; }

    /// <summary>When the last of those pieces came back; null where none did.</summary>
    public DateTimeOffset? UnwantedAt { get; init; }

    /// <summary>Pieces ordered.</summary>
    public long Quantity { get; init; } = Kept;

    /// <summary>What the kept pieces cost, in minor units of <see cref="Currency"/>.</summary>
    public long KeptMinor { get; init; }

    /// <summary>ISO 4217.</summary>
    public string Currency { get; init; } = "";
}

/// <summary>What other modules may ask about orders.</summary>
public interface IOrders
{
    Task<SalesTotals> TotalsAsync(CancellationToken ct);

    /// <summary>Subjects who ordered, in the order of their ids, after one of them; those of the demo shop only as long as the shop has no orders of its own.</summary>
    Task<IReadOnlyList<Guid>> BuyersAsync(Guid after, int limit, CancellationToken ct);

    /// <summary>Products of the subjects' orders, earliest first, the lines of an order together; what was cancelled or came back is told, too.</summary>
    Task<IReadOnlyList<BoughtProduct>> BoughtByAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct);
}
