using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Serving;
using Wellmet.Recommendations.Suggestions;
using Wellmet.Recommendations.Voice;

namespace Wellmet.Recommendations.Studio;

/// <summary>What every placement shows of one product or to one customer.</summary>
public sealed class ShowRecommendations(
    RecommendForProduct forProduct, RecommendForCustomer forCustomer, RecommendAgain forAgain, RecommendViewed viewed, RecommendUpsell upsell, ReadOpinions opinions, ReadSuggestions suggestions, ICatalog catalog, ICustomers customers, CurrentActor actor)
{
    private const int Rows = 10, CustomerRows = 20;

    /// <summary>What is recommended beside a product.</summary>
    public sealed record OfProduct(ProductLabel Product, RecommendedProducts BoughtTogether, RecommendedProducts AlsoBought, RecommendedProducts AlsoViewed, RecommendedProducts GoesWith, RecommendedProducts Similar, RecommendedProducts Upsell);

    /// <summary>What is recommended to a customer.</summary>
    public sealed record OfCustomer(CustomerLabel Customer, RecommendedProducts ForYou, RecommendedProducts Again, RecommendedProducts Viewed, IReadOnlyList<ReadOpinions.OfProduct> Opinions, SuggestionList Suggestions);

    /// <exception cref="ProblemException"><c>product_unknown</c>.</exception>
    public async Task<OfProduct> ProductAsync(Guid productId, CancellationToken ct)
    {
        var together = await forProduct.RunAsync(new(productId, ProductQuestion.BoughtTogether, Rows), ct);
        var also = await forProduct.RunAsync(new(productId, ProductQuestion.AlsoBought, Rows), ct);
        var viewedToo = await forProduct.RunAsync(new(productId, ProductQuestion.AlsoViewed, Rows) { Fill = false }, ct);
        var similar = await forProduct.RunAsync(new(productId, ProductQuestion.Similar, Rows), ct);
        var with = await forProduct.RunAsync(new(productId, ProductQuestion.GoesWith, Rows), ct);
        var better = await upsell.RunAsync(new([productId], null, Rows), ct);
        return new OfProduct((await catalog.LabelsAsync([productId], ct))[productId], together, also, viewedToo, with, similar, better);
    }

    /// <exception cref="ForbiddenException">The actor may not see customers.</exception>
    public async Task<OfCustomer> CustomerAsync(Guid customerId, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Read);
        actor.Demand(CustomersPermissions.Read);
        var label = (await customers.LabelsAsync([customerId], ct))[customerId];
        return new OfCustomer(label, await forCustomer.RunAsync(new(customerId, CustomerRows), ct), await forAgain.RunAsync(new(customerId, Rows), ct), await viewed.RunAsync(new(customerId, Rows), ct), await opinions.RunAsync(customerId, ct),
            await suggestions.RunAsync(customerId, ct));
    }
}
