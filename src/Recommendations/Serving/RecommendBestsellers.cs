using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Models;

namespace Wellmet.Recommendations.Serving;

/// <summary>What sells best now, the same for everybody.</summary>
public sealed class RecommendBestsellers(ServedModel models, ICatalog catalog, CurrentActor actor)
{
    /// <exception cref="ProblemException"><c>limit_out_of_range</c>.</exception>
    public async Task<RecommendedProducts> RunAsync(int limit, ListRules rules, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Read);
        var list = new ProductList(catalog, Limit.Demand(limit), []) { Rules = rules };
        await list.PinAsync(ct);
        await list.FillAsync(models.Current, ReasonKind.Bestseller, ct);
        return new RecommendedProducts(list.Products, Personalised: false, models.Current?.Card);
    }
}
