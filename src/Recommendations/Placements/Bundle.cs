using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Recommendations.Serving;

namespace Wellmet.Recommendations.Placements;

/// <summary>A product with what is most often bought together with it.</summary>
/// <param name="Price">Of all together; null where a price is unknown or in another currency.</param>
internal sealed record Bundle(ProductLabel Product, IReadOnlyList<RecommendedProduct> Companions, Money? Price)
{
    public const int MostCompanions = 2;

    /// <summary>Null where nothing is bought together with the product.</summary>
    public static Bundle? Of(ProductLabel product, IReadOnlyList<RecommendedProduct> companions)
    {
        ProductLabel[] parts = [product, .. companions.Select(c => c.Product)];
        var priced = parts.All(p => p.PriceMinor is not null && p.Currency == product.Currency);
        return companions.Count == 0 ? null : new Bundle(product, companions, priced ? new Money(parts.Sum(p => p.PriceMinor!.Value), product.Currency) : null);
    }
}
