namespace Wellmet.Commerce.Contract;

/// <summary>A storefront as other modules need it.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="TimeZone">IANA name; days of reports are meant in it.</param>
public sealed record StorefrontLabel(Guid StorefrontId, string Name, string Currency, string TimeZone);

/// <summary>What other modules may ask about storefronts.</summary>
public interface IStorefronts
{
    /// <summary>All of them, the first one first.</summary>
    Task<IReadOnlyList<StorefrontLabel>> AllAsync(CancellationToken ct);
}
