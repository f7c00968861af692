using Wellmet.Commerce.Contract;
using Wellmet.Platform.Experiments;
using Wellmet.Recommendations.Models;

namespace Wellmet.Recommendations.Serving;

/// <summary>What speaks for a product.</summary>
public enum ReasonKind
{
    /// <summary>The customer's own purchases: the one or two strongest are named.</summary>
    BecauseBought,

    /// <summary>What the customer looked at, more than what they bought: the one or two strongest of both are named.</summary>
    BecauseViewed,

    /// <summary>Customers who bought the product in question bought this one, too.</summary>
    AlsoBought,

    /// <summary>People who looked at the product in question looked at this one, too.</summary>
    AlsoViewed,

    /// <summary>It was in the same orders as the product in question.</summary>
    BoughtTogether,

    /// <summary>It goes with the product in question, or is wanted soon after it.</summary>
    GoesWith,

    /// <summary>It goes with products of the basket, or of the last order: the strongest are named.</summary>
    GoesWithBasket,

    /// <summary>It is called like the product in question.</summary>
    Similar,

    /// <summary>It is a better model of a product of the basket, which is named: of the same kind, dearer by at most half.</summary>
    Upsell,

    /// <summary>The customer looked at it lately.</summary>
    Viewed,

    /// <summary>The customer bought it before, and it is about to be used up.</summary>
    BuyAgain,

    /// <summary>It sells well now in a country, which is named.</summary>
    PopularNear,

    /// <summary>Nothing closer is known; it sells well now.</summary>
    Bestseller,

    /// <summary>The customer does not want personal recommendations; it sells well now.</summary>
    NotPersonalised,

    /// <summary>The shop wants it at this place.</summary>
    Pinned,

    /// <summary>It is in the catalogue, and nothing else is known.</summary>
    Catalogue,
}

/// <summary>A purchase that speaks for a product, or a look.</summary>
/// <param name="Contribution">Its part of the score.</param>
public sealed record PurchaseEvidence(ProductLabel Product, float Contribution)
{
    /// <summary>What they did with it, where they did not buy it; null for a purchase.</summary>
    public InterestKind? Did { get; init; }

    /// <summary>The customer did not buy it, but looked at it, put it into the basket, wished for it or praised it.</summary>
    public bool Viewed => Did is not null;
}

/// <param name="Because">The strongest purchases and looks, for <see cref="ReasonKind.BecauseBought"/> and <see cref="ReasonKind.BecauseViewed"/>, or all products of the basket that speak for it, for <see cref="ReasonKind.GoesWithBasket"/>, or the one that it is better than, for <see cref="ReasonKind.Upsell"/>; else empty.</param>
/// <param name="Count">Customers who bought both, people who looked at both, orders with both or to that country, or days on which the customer bought it; 0 for the other kinds, and where it is about fewer than <see cref="FewestTold"/> others.</param>
public sealed record RecommendationReason(ReasonKind Kind, IReadOnlyList<PurchaseEvidence> Because, int Count)
{
    /// <summary>Of fewer other people, or orders of theirs, no number is told: who knows one of them could learn what they did.</summary>
    public const int FewestTold = 5;

    /// <summary>The number as it may be told: 0 where it is about too few others.</summary>
    public static int Told(ReasonKind kind, int count) => kind is ReasonKind.AlsoBought or ReasonKind.AlsoViewed or ReasonKind.BoughtTogether or ReasonKind.PopularNear && count < FewestTold ? 0 : count;

    /// <summary>When it will be wanted, for <see cref="ReasonKind.BuyAgain"/>.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>The country for <see cref="ReasonKind.PopularNear"/>: ISO 3166 alpha-2 code.</summary>
    public string? Country { get; init; }
}

/// <summary>One recommended product.</summary>
/// <param name="Score">Comparable within one list only; 0 where the reason is not personal and not a neighbour's.</param>
public sealed record RecommendedProduct(ProductLabel Product, float Score, RecommendationReason Reason)
{
    /// <summary>What the score and its contributions were multiplied by: below 1 where the customer has something like it, above 1 where it is about to be used up.</summary>
    public float Welcome { get; init; } = 1;

    /// <summary>In a mixed list: index of the variant that gave it; null elsewhere, and where only one had something left to give.</summary>
    public int? GivenBy { get; init; }

    /// <summary>The same as the page tells it back; see <see cref="Experiments.GivenCodes"/>.</summary>
    public string? GivenCode { get; init; }
}

/// <summary>The answer of a placement.</summary>
/// <param name="Personalised">Whether what is known of the customer was used.</param>
/// <param name="Model">What the answer was computed with; null before the first training.</param>
public sealed record RecommendedProducts(IReadOnlyList<RecommendedProduct> Products, bool Personalised, ModelCard? Model)
{
    /// <summary>The variant of a running experiment that this is; null where none runs, or the customer takes part in none.</summary>
    public AssignedVariant? Variant { get; init; }

    /// <summary>The segment whose rules held; null where the placement's own did.</summary>
    public Guid? ForSegment { get; init; }
}
