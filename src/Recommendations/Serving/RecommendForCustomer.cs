using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Purposes;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Models;
using Wellmet.Science.Recommenders;

namespace Wellmet.Recommendations.Serving;

/// <summary>
/// Products for one customer, from what all of their subjects bought: never something already bought, purchases of a minute ago included.
/// Who does not want personal recommendations gets what sells now, and their purchases are not read. Somebody unknown gets that, too.
/// </summary>
public sealed class RecommendForCustomer(ModelStore models, ICatalog catalog, IOrders orders, CustomerPermission permission, CurrentActor actor)
{
    /// <summary>Asked of the model at first beyond the limit, for products that are no longer active.</summary>
    private const int Spare = 20;

    /// <summary>For whom.</summary>
    /// <param name="Limit">How many products at most.</param>
    public sealed record Request(Guid CustomerId, int Limit = Limit.Default);

    /// <exception cref="ProblemException"><c>limit_out_of_range</c>.</exception>
    public async Task<RecommendedProducts> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Read);
        var limit = Serving.Limit.Demand(request.Limit);
        var model = models.Current;
        if (await permission.SubjectsAsync(request.CustomerId, ct) is not { } subjects)
        {
            var popular = new ProductList(catalog, limit, []);
            await popular.FillAsync(model, ReasonKind.NotPersonalised, ct);
            return new RecommendedProducts(popular.Products, Personalised: false, model?.Card);
        }
        var bought = (await orders.BoughtByAsync(subjects, ct)).Select(p => p.ProductId).ToHashSet();
        var list = new ProductList(catalog, limit, bought);
        if (model is not null)
        {
            await OfferAsync(list, model, [.. bought.Select(model.ItemOf).OfType<int>()], limit, ct);
        }
        await list.FillAsync(model, ReasonKind.Bestseller, ct);
        return new RecommendedProducts(list.Products, Personalised: true, model?.Card);
    }

    /// <summary>Asks the model for more where too many of its products are no longer active.</summary>
    private static async Task OfferAsync(ProductList list, ShopModel model, int[] bought, int limit, CancellationToken ct)
    {
        for (var wanted = limit + Spare; ; wanted *= 4)
        {
            var results = new Recommendation[Math.Min(wanted, model.Products.Count)];
            var found = model.Recommender.ForYou.Recommend(bought, [], eligible: null, results);
            await list.OfferAsync(results.Take(found).Select(r => CandidateOf(r, model)), ct);
            if (list.IsFull || found < results.Length || results.Length == model.Products.Count)
            {
                return;
            }
        }
    }

    private static Candidate CandidateOf(Recommendation result, ShopModel model)
    {
        var kind = result.Reason.Code switch
        {
            ReasonCode.Purchases => ReasonKind.BecauseBought,
            ReasonCode.Bestseller => ReasonKind.Bestseller,
            _ => ReasonKind.Catalogue,
        };
        var because = new[] { (result.Reason.FirstItem, result.Reason.FirstContribution), (result.Reason.SecondItem, result.Reason.SecondContribution) }
            .Where(b => b.Item1 >= 0).Select(b => (model.Products[b.Item1], b.Item2));
        return new Candidate(model.Products[result.Item], result.Score, kind, 0, [.. because]);
    }
}
