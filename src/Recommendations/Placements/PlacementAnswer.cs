using System.Text.Json;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Ui;
using Wellmet.Recommendations.Serving;

namespace Wellmet.Recommendations.Placements;

/// <summary>The answer of <c>GET /v1/recommendations/{placement}</c>, written as JSON in snake_case.</summary>
/// <param name="Personalised">Whether the customer's own purchases were looked at.</param>
/// <param name="TrainedAt">When the model learnt; null before the first time.</param>
public sealed record PlacementAnswer(string Placement, bool Personalised, DateTimeOffset? TrainedAt, IReadOnlyList<PlacementAnswer.Item> Recommendations)
{
    /// <param name="PriceMinor">Minor units of the currency; null where no price is known.</param>
    /// <param name="Score">Comparable within this answer only.</param>
    public sealed record Item(Guid ProductId, string Sku, string Name, long? PriceMinor, string Currency, float Score, Reason Reason);

    /// <param name="Code">because_bought, also_bought, bought_together, goes_with, goes_with_basket, similar, buy_again, pinned, bestseller, not_personalised or catalogue.</param>
    /// <param name="Text">In the caller's language.</param>
    /// <param name="Count">Customers who bought both, orders with both, or days on which the customer bought it; null for other reasons.</param>
    /// <param name="Because">The strongest purchases behind a personal recommendation, or the products of the basket that it goes with.</param>
    /// <param name="Due">When something will be wanted again; null for other reasons.</param>
    public sealed record Reason(string Code, string Text, int? Count, IReadOnlyList<Evidence> Because, DateTimeOffset? Due);

    /// <param name="Contribution">Its part of the score.</param>
    public sealed record Evidence(Guid ProductId, string Name, float Contribution);

    /// <summary>How it is written.</summary>
    internal static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    internal static PlacementAnswer Of(string placement, RecommendedProducts answer, Words words) =>
        new(placement, answer.Personalised, answer.Model?.TrainedAt, [.. answer.Products.Select(p => ItemOf(p, words))]);

    private static Item ItemOf(RecommendedProduct recommended, Words words)
    {
        var (product, reason) = (recommended.Product, recommended.Reason);
        return new Item(product.ProductId, product.Sku, product.Name, product.PriceMinor, product.Currency, recommended.Score, new Reason(
            EnumText.Of(reason.Kind), ReasonText.Of(reason, words), reason.Count > 0 ? reason.Count : null,
            [.. reason.Because.Select(b => new Evidence(b.Product.ProductId, b.Product.Name, b.Contribution))], reason.Due));
    }
}
