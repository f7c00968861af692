using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Serving;

namespace Wellmet.Recommendations.Placements;

/// <summary>
/// A placement for a page of the shop. A customer's purchases are used only for who is proved to be signed in, and does not object. Everybody else gets what anybody would get.
/// </summary>
public sealed class ServePage(ServePlacement serve, PlacementStore placements, PageVisitor visitor, ICatalog catalog)
{
    /// <summary>As the page asks.</summary>
    /// <param name="Products">Codes of products: the one of the page, or those of the basket.</param>
    /// <param name="Proof">The identity proof of who is signed in; null for nobody.</param>
    /// <param name="PrivacyControl">The browser asks not to be profiled (Global Privacy Control).</param>
    public sealed record Request(string Placement, IReadOnlyList<string> Products, string? Proof, bool PrivacyControl, int Limit)
    {
        /// <summary>Where the page says that it is looked at: a code or a name.</summary>
        public string? Country { get; init; }

        /// <summary>The number that the page gave to the visitor; null for none.</summary>
        public string? AnonymousId { get; init; }
    }

    /// <exception cref="ProblemException"><c>placement_unknown</c>, <c>product_unknown</c>, <c>parameter_missing</c>, <c>limit_out_of_range</c>, <c>basket_too_large</c>.</exception>
    public async Task<RecommendedProducts> RunAsync(Request request, CancellationToken ct)
    {
        var customer = await visitor.EnterAsync(request.PrivacyControl ? null : request.Proof, RecommendationsPermissions.Read, ct);
        var placement = await placements.FindAsync(request.Placement, ct) ?? throw new ProblemException("placement_unknown", "There is no such placement.", 404);
        var products = await FindAsync(request.Products, ct);
        if (placement.Source.IsOfProduct && products.Count == 0 && request.Products is [var unknown, ..])
        {
            throw new ProblemException("product_unknown", "There is no product with the code {0}.", 404, unknown);
        }
        var counted = await visitor.CountedAsync(customer, request.PrivacyControl ? null : request.AnonymousId, ct);
        return await serve.AnswerAsync(placement, customer, counted, products, Limit.Demand(request.Limit), request.Country, ct);
    }

    /// <summary>What the shop sells and Wellmet does not know yet stands for nothing in a basket.</summary>
    private async Task<IReadOnlyList<Guid>> FindAsync(IReadOnlyList<string> codes, CancellationToken ct)
    {
        if (codes.Count > RecommendForBasket.MostProducts)
        {
            throw new ProblemException("basket_too_large", "Name at most {0} products.", 400, RecommendForBasket.MostProducts);
        }
        var found = await catalog.BySkuAsync(codes, ct);
        return [.. codes.Distinct().Where(found.ContainsKey).Select(c => found[c].ProductId)];
    }
}
