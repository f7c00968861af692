using Wellmet.Commerce.Orders;

namespace Wellmet.Commerce.ShopPayloads;

/// <summary>Who the shop says that somebody is; null where it says nothing.</summary>
/// <param name="CustomerNumber">As the customer is known here; null for a guest.</param>
/// <param name="SaidAt">When it became so.</param>
/// <param name="AcceptsMarketing">False only where they said no; a box that nobody ticked says nothing.</param>
internal sealed record ShopPerson(
    string? CustomerNumber, string? Email, string? Phone, string? Name, string? Country, string? Locale, DateTimeOffset SaidAt, bool? AcceptsMarketing = null, DateTimeOffset? DecidedAt = null)
{
    /// <summary>A consent that can be proved; only a mapping of a program's own payloads names one.</summary>
    public ShopConsent? Consent { get; init; }
}

/// <summary>A consent to advertising by e-mail with its evidence: the words that were shown, or where the proof lies. On its way only: personal data in it is kept sealed, as <c>ConsentProof</c>.</summary>
internal sealed record ShopConsent(string Address, DateTimeOffset GivenAt, string? Wording, string? Evidence, string? Ip);

/// <summary>A line of an order.</summary>
/// <param name="Price">Of one, before what was taken off, as the shop writes it.</param>
internal sealed record ShopLine(string Code, string Name, decimal Quantity, decimal Price);

/// <summary>What was given back of an order.</summary>
/// <param name="Cancelled">What had not been sent, and will not be.</param>
/// <param name="Returned">What came back.</param>
/// <param name="Amount">Money for what came back, and of the charges; null where it is what the products came to.</param>
internal sealed record ShopRefund(string ExternalId, string OrderId, DateTimeOffset At, IReadOnlyList<ItemQuantity> Cancelled, IReadOnlyList<ItemQuantity> Returned, decimal Amount);

/// <summary>A parcel of an order.</summary>
/// <param name="Items">Empty for all that is left of the order.</param>
/// <param name="Gone">It was called back before it left.</param>
internal sealed record ShopParcel(
    string ExternalId, string OrderId, DateTimeOffset SentAt, DateTimeOffset ChangedAt, string? Carrier, string? Tracking, IReadOnlyList<ItemQuantity> Items, bool Gone, DateTimeOffset? DeliveredAt);

/// <summary>An order as a shop system tells it: all of it, each time.</summary>
/// <param name="ExternalId">The shop's own id; parcels and refunds name it.</param>
/// <param name="Number">As people read it.</param>
/// <param name="Goods">What the products came to after all that was taken off; null where it follows from the lines.</param>
/// <param name="Charges">Shipping and fees.</param>
internal sealed record ShopOrder(
    string ExternalId, string Number, DateTimeOffset PlacedAt, DateTimeOffset ChangedAt, string Currency, ShopPerson Person, IReadOnlyList<ShopLine> Lines, decimal? Goods, decimal Charges)
{
    /// <summary>Where it goes, ISO 3166 alpha-2.</summary>
    public string? Country { get; init; }
    public DateTimeOffset? CancelledAt { get; init; }
    public IReadOnlyList<ShopRefund> Refunds { get; init; } = [];
    public IReadOnlyList<ShopParcel> Parcels { get; init; } = [];
}

/// <summary>A product as a shop system tells it: one row for each variant.</summary>
internal sealed record ShopProduct(string ExternalId, DateTimeOffset ChangedAt, IReadOnlyList<Catalog.SaidProduct> Variants);
