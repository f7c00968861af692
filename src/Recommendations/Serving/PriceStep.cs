using Wellmet.Commerce.Contract;

namespace Wellmet.Recommendations.Serving;

/// <summary>What is offered as a better model of a product (upsell): one of the same kind, a step dearer.</summary>
internal static class PriceStep
{
    /// <summary>How much dearer a better one may be.</summary>
    private const double Most = 1.5;

    /// <summary>Whether it is of the other's kind and dearer by at most half, in the same currency.</summary>
    public static bool IsBetter(ProductLabel product, ProductLabel than) =>
        product.Kind is not null && product.Kind == than.Kind && product.Currency == than.Currency && product.PriceMinor > than.PriceMinor && product.PriceMinor <= than.PriceMinor * Most;
}
