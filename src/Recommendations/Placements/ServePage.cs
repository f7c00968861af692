using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Keys;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Serving;

namespace Wellmet.Recommendations.Placements;

/// <summary>
/// A placement for a page of the shop, which holds a write key that everybody can read. So nobody's purchases are used on the page's word: only for who is proved to be signed in, and does not
/// object. Everybody else gets what anybody would get.
/// </summary>
public sealed class ServePage(ServePlacement serve, PlacementStore placements, RecommendBestsellers bestsellers, IProvenVisitors visitors, ICatalog catalog, CurrentKey key, CurrentActor actor)
{
    /// <summary>As the page asks.</summary>
    /// <param name="Products">Codes of products: the one of the page, or those of the basket.</param>
    /// <param name="Proof">The identity proof of who is signed in; null for nobody.</param>
    /// <param name="PrivacyControl">The browser asks not to be profiled (Global Privacy Control).</param>
    public sealed record Request(string Placement, IReadOnlyList<string> Products, string? Proof, bool PrivacyControl, int Limit);

    /// <exception cref="ProblemException"><c>placement_unknown</c>, <c>product_unknown</c>, <c>parameter_missing</c>, <c>limit_out_of_range</c>, <c>basket_too_large</c>.</exception>
    public async Task<RecommendedProducts> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(AccessPermissions.WriteEvents);
        var keyId = key.Id ?? throw new InvalidOperationException("Only for requests with a key.");
        // The key opens this door and no other: what is asked below was decided here.
        actor.Value = new Actor(null, actor.Value.Name, null, p => p == RecommendationsPermissions.Read);
        var limit = request.Limit.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var placement = await placements.FindAsync(request.Placement, ct) ?? throw new ProblemException("placement_unknown", "There is no such placement.", 404);
        var customer = request.PrivacyControl ? null : await visitors.CustomerOfAsync(keyId, request.Proof, ct);
        switch (placement.Source)
        {
            case PlacementSource.ForYou or PlacementSource.BuyAgain or PlacementSource.AfterPurchase:
                return customer is not null ? await serve.RunAsync(new(placement.Name, customer.ToString(), null, null, limit), ct)
                    : placement.Fills ? await bestsellers.RunAsync(request.Limit, placement.Rules, ct)
                    : new RecommendedProducts([], Personalised: false, null);
            case PlacementSource.Basket:
                return await serve.RunAsync(new(placement.Name, customer?.ToString(), null, string.Join(',', (await FindAsync(request.Products, ct)).Select(p => p.ProductId)), limit), ct);
            case PlacementSource.Bestsellers:
                return await serve.RunAsync(new(placement.Name, null, null, null, limit), ct);
            default:
                return await serve.RunAsync(new(placement.Name, null, (await FindAsync(request.Products, ct)) is [var product, ..] ? product.ProductId.ToString() : Unknown(request.Products), null, limit), ct);
        }
    }

    private static string? Unknown(IReadOnlyList<string> products) => products.Count == 0 ? null : throw new ProblemException("product_unknown", "There is no product with the code {0}.", 404, products[0]);

    /// <summary>What the shop sells and Wellmet does not know yet stands for nothing in a basket.</summary>
    private async Task<IReadOnlyList<ProductLabel>> FindAsync(IReadOnlyList<string> codes, CancellationToken ct)
    {
        if (codes.Count > RecommendForBasket.MostProducts)
        {
            throw new ProblemException("basket_too_large", "Name at most {0} products.", 400, RecommendForBasket.MostProducts);
        }
        var found = await catalog.BySkuAsync(codes, ct);
        return [.. codes.Distinct().Where(found.ContainsKey).Select(c => found[c])];
    }
}
