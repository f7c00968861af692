using Wellmet.Commerce.Contract;
using Wellmet.Recommendations.Models;

namespace Wellmet.Recommendations.Serving;

/// <summary>What speaks for a product.</summary>
public enum ReasonKind
{
    /// <summary>The customer's own purchases: the one or two strongest are named.</summary>
    BecauseBought,

    /// <summary>Customers who bought the product in question bought this one, too.</summary>
    AlsoBought,

    /// <summary>It was in the same orders as the product in question.</summary>
    BoughtTogether,

    /// <summary>It goes with the product in question, or is wanted soon after it.</summary>
    GoesWith,

    /// <summary>It goes with products of the basket, or of the last order: the strongest are named.</summary>
    GoesWithBasket,

    /// <summary>It is called like the product in question.</summary>
    Similar,

    /// <summary>The customer bought it before, and it is about to be used up.</summary>
    BuyAgain,

    /// <summary>Nothing closer is known; it sells well now.</summary>
    Bestseller,

    /// <summary>The customer does not want personal recommendations; it sells well now.</summary>
    NotPersonalised,

    /// <summary>The shop wants it at this place.</summary>
    Pinned,

    /// <summary>It is in the catalogue, and nothing else is known.</summary>
    Catalogue,
}

/// <summary>A purchase that speaks for a product.</summary>
/// <param name="Contribution">Its part of the score.</param>
public sealed record PurchaseEvidence(ProductLabel Product, float Contribution);

/// <param name="Because">The strongest purchases, for <see cref="ReasonKind.BecauseBought"/>, or all products of the basket that speak for it, for <see cref="ReasonKind.GoesWithBasket"/>; else empty.</param>
/// <param name="Count">Customers who bought both, orders with both, or days on which the customer bought it; 0 for the other kinds.</param>
public sealed record RecommendationReason(ReasonKind Kind, IReadOnlyList<PurchaseEvidence> Because, int Count)
{
    /// <summary>When it will be wanted, for <see cref="ReasonKind.BuyAgain"/>.</summary>
    public DateTimeOffset? Due { get; init; }
}

/// <summary>One recommended product.</summary>
/// <param name="Score">Comparable within one list only; 0 where the reason is not personal and not a neighbour's.</param>
public sealed record RecommendedProduct(ProductLabel Product, float Score, RecommendationReason Reason)
{
    /// <summary>What the score and its contributions were multiplied by: below 1 where the customer has something like it, above 1 where it is about to be used up.</summary>
    public float Welcome { get; init; } = 1;
}

/// <summary>The answer of a placement.</summary>
/// <param name="Personalised">Whether the customer's own purchases were looked at.</param>
/// <param name="Model">What the answer was computed with; null before the first training.</param>
public sealed record RecommendedProducts(IReadOnlyList<RecommendedProduct> Products, bool Personalised, ModelCard? Model);
