namespace Wellmet.Demo.Contract;

/// <summary>A product of the demo shop.</summary>
/// <param name="PriceMinor">Unit price in minor units of the demo shop's currency.</param>
/// <param name="Stock">Pieces; 0 is sold out.</param>
public sealed record DemoProduct(string Sku, string Name, string Category, string Brand, long Stock, long PriceMinor);

/// <summary>A made-up person, and everything that the demo shop saw of them; times are UTC, earliest first.</summary>
/// <param name="Email">Below the reserved top-level domain <c>.example</c> (RFC 2606): it leads to nobody.</param>
/// <param name="Country">ISO 3166 alpha-2.</param>
/// <param name="Locale">BCP 47.</param>
public sealed record DemoShopper(
    string Name, string Email, string Country, string Locale, DateTimeOffset FirstSeenAt, IReadOnlyList<DemoVisit> Visits, IReadOnlyList<DemoOrder> Orders)
{
    /// <summary>What they said about letters with advertising; null where they said nothing.</summary>
    public DemoLetters? Letters { get; init; }
}

/// <param name="AtPurchase">At a purchase they could have refused and did not; false where they asked for them in a form.</param>
public sealed record DemoLetters(DateTimeOffset At, bool AtPurchase);

/// <summary>A product was looked at, or put into the cart.</summary>
/// <param name="Product">Its place in the catalogue.</param>
public sealed record DemoVisit(DateTimeOffset At, int Product, bool IntoCart);

/// <summary>An order with what became of it.</summary>
/// <param name="Number">Unique in the demo shop.</param>
/// <param name="Lines">Each product once.</param>
public sealed record DemoOrder(string Number, DateTimeOffset PlacedAt, IReadOnlyList<DemoItem> Lines)
{
    public IReadOnlyList<DemoParcel> Parcels { get; init; } = [];
    public DemoReturn? Return { get; init; }
    public DemoCancellation? Cancellation { get; init; }
}

/// <summary>So many of a product.</summary>
/// <param name="Product">Its place in the catalogue.</param>
public sealed record DemoItem(int Product, long Quantity);

/// <summary>A parcel of an order.</summary>
/// <param name="DeliveredAt">Null while it is under way.</param>
public sealed record DemoParcel(string Carrier, DateTimeOffset ShippedAt, DateTimeOffset PromisedAt, DateTimeOffset? DeliveredAt, IReadOnlyList<DemoItem> Items);

/// <summary>Items that came back, for one of the reasons that Commerce knows.</summary>
public sealed record DemoReturn(DateTimeOffset At, string Reason, IReadOnlyList<DemoItem> Items);

/// <summary>Items that were cancelled before they left.</summary>
public sealed record DemoCancellation(DateTimeOffset At, IReadOnlyList<DemoItem> Items);
