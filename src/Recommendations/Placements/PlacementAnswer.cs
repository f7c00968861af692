using System.Text.Json;
using Wellmet.Platform.Experiments;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Ui;
using Wellmet.Recommendations.Serving;

namespace Wellmet.Recommendations.Placements;

/// <summary>The answer of <c>GET /v1/recommendations/{placement}</c>, written as JSON in snake_case.</summary>
/// <param name="Personalised">Whether what is known of the customer was used.</param>
/// <param name="TrainedAt">When the model learnt; null before the first time.</param>
public sealed record PlacementAnswer(string Placement, bool Personalised, DateTimeOffset? TrainedAt, IReadOnlyList<PlacementAnswer.Item> Recommendations)
{
    /// <summary>The experiment in which this list stands, to be told back with what was seen of it; null where none runs, or the customer takes part in none.</summary>
    public Guid? Experiment { get; init; }

    /// <summary>Which of its variants this is: the name of the placement that answered; null of a mixed list, whose products name theirs.</summary>
    public string? Variant { get; init; }

    /// <param name="PriceMinor">Minor units of the currency; null where no price is known.</param>
    /// <param name="Score">Comparable within this answer only.</param>
    public sealed record Item(Guid ProductId, string Sku, string Name, long? PriceMinor, string Currency, float Score, Reason Reason)
    {
        /// <summary>In a list mixed from two variants, the one that gave it, with a code behind a dot that nobody else can make; to be told back as it is with what was seen and chosen, on the same day or the next. Null elsewhere.</summary>
        public string? Variant { get; init; }
    }

    /// <param name="Code">because_bought, because_viewed, also_bought, also_viewed, bought_together, goes_with, goes_with_basket, similar, upsell, viewed, buy_again, popular_near, pinned, bestseller, not_personalised or catalogue.</param>
    /// <param name="Text">In the caller's language.</param>
    /// <param name="Count">Customers who bought both, people who looked at both, orders with both or to that country, or days on which the customer bought it; null for other reasons, and where it would be about fewer than five others.</param>
    /// <param name="Because">The strongest purchases and looks behind a personal recommendation, the products of the basket that it goes with, or the one that it is better than.</param>
    /// <param name="Due">When something will be wanted again; null for other reasons.</param>
    /// <param name="Country">Where it is popular: ISO 3166 alpha-2 code; null for other reasons.</param>
    public sealed record Reason(string Code, string Text, int? Count, IReadOnlyList<Evidence> Because, DateTimeOffset? Due, string? Country = null);

    /// <param name="Contribution">Its part of the score.</param>
    /// <param name="Viewed">The customer did not buy it, but did something else with it.</param>
    /// <param name="Did">What that was: view, long_view, cart, wish_list or high_rating; null where they bought it.</param>
    public sealed record Evidence(Guid ProductId, string Sku, string Name, float Contribution, bool Viewed, string? Did = null);

    /// <summary>How it is written.</summary>
    internal static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    internal static PlacementAnswer Of(string placement, RecommendedProducts answer, Words words) =>
        new(placement, answer.Personalised, answer.Model?.TrainedAt, [.. answer.Products.Select(p => ItemOf(p, words))])
        {
            Experiment = answer.Variant?.ExperimentId, Variant = answer.Variant is { Mixed: null } variant ? variant.Name : null,
        };

    private static Item ItemOf(RecommendedProduct recommended, Words words)
    {
        var (product, reason) = (recommended.Product, recommended.Reason);
        return new Item(product.ProductId, product.Sku, product.Name, product.PriceMinor, product.Currency, recommended.Score, new Reason(
            EnumText.Of(reason.Kind), ReasonText.Of(reason, words), reason.Count > 0 ? reason.Count : null,
            [.. reason.Because.Select(b => new Evidence(b.Product.ProductId, b.Product.Sku, b.Product.Name, b.Contribution, b.Viewed, b.Did is { } did ? EnumText.Of(did) : null))], reason.Due, reason.Country))
        {
            Variant = recommended.GivenCode,
        };
    }
}
