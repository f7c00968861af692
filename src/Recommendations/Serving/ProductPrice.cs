using Wellmet.Commerce.Contract;
using Wellmet.Platform;

namespace Wellmet.Recommendations.Serving;

/// <summary>What a product costs, for people to read.</summary>
internal static class ProductPrice
{
    /// <summary>Null where no price is known.</summary>
    public static Money? Of(ProductLabel product) => product.PriceMinor is { } price ? new Money(price, product.Currency) : null;
}
