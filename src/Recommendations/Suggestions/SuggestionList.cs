using Wellmet.Commerce.Contract;
using Wellmet.Recommendations.Serving;

namespace Wellmet.Recommendations.Suggestions;

/// <summary>What a suggestion asks for.</summary>
public enum SuggestionKind
{
    /// <summary>Something beside what they have.</summary>
    CrossSell,

    /// <summary>A better one of what they have: of the same kind, dearer by at most half.</summary>
    Upsell,
}

/// <summary>A product picked out for a customer.</summary>
/// <param name="Product">With its reason as it was when the list was made.</param>
public sealed record Suggestion(RecommendedProduct Product, SuggestionKind Kind);

/// <summary>Products picked out to suggest to one customer: saved, so that the e-mail, the page and whoever is on the telephone speak of the same ones.</summary>
/// <param name="MadeAt">Null where none was made.</param>
/// <param name="Suggestions">Those that are still welcome, best first: without what was bought since, what the customer does not want and what is no longer sold.</param>
public sealed record SuggestionList(Guid CustomerId, DateTimeOffset? MadeAt, IReadOnlyList<Suggestion> Suggestions)
{
    /// <summary>When it was sent to the customer; null where it was not.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>How many are picked out.</summary>
    public const int Length = 10;

    /// <summary>What a suggestion asks for, by what the customer has.</summary>
    public static SuggestionKind KindOf(ProductLabel product, IEnumerable<ProductLabel> bought) =>
        bought.Any(b => PriceStep.IsBetter(product, b)) ? SuggestionKind.Upsell : SuggestionKind.CrossSell;
}
