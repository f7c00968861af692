namespace Wellmet.Commerce.Contract;

/// <summary>A storefront as other modules need it.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="TimeZone">IANA name; days of reports are meant in it.</param>
/// <param name="Demo">It is the demo shop: nothing is imported into it, and it is nobody's first storefront.</param>
public sealed record StorefrontLabel(Guid StorefrontId, string Name, string Currency, string TimeZone, bool Demo = false);

/// <summary>What other modules may ask about storefronts.</summary>
public interface IStorefronts
{
    /// <summary>All of them, the first one first, the demo shop last.</summary>
    Task<IReadOnlyList<StorefrontLabel>> AllAsync(CancellationToken ct);

    /// <summary>The currency of the first storefront, in which figures over all of them are told; null where there is none.</summary>
    async Task<string?> CurrencyAsync(CancellationToken ct) => await AllAsync(ct) is [var first, ..] ? first.Currency : null;

    /// <summary>
    /// The demo shop's storefront once another one has orders: from then on figures, lists and models that name no storefront are the shop's own, and leave it
    /// out. Null before, and where there is no demo shop.
    /// </summary>
    Task<Guid?> LeftOutAsync(CancellationToken ct);
}
