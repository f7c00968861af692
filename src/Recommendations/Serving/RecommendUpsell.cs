using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Models;
using Wellmet.Science.Products;
using Wellmet.Science.Recommenders;

namespace Wellmet.Recommendations.Serving;

/// <summary>
/// Better models of what lies in a basket, or of the product of a page: of the same kind, dearer by at most half (<see cref="PriceStep"/>). Which of them first is said by four lists, joined by <see cref="ReciprocalRank"/>:
/// what is called like it, what people looked at with it, what the customer's purchases and looks speak for, which counts twice, and the smaller step in price, which counts half. That the customer has one of the
/// kind already says nothing here, as they are about to buy another; what they bought itself, rated low or do not want never comes up.
/// </summary>
public sealed class RecommendUpsell(ServedModel models, ICatalog catalog, PurchaseReader reader, CustomerPermission permission, CurrentActor actor, TimeProvider time)
{
    /// <summary>Of what, and for whom.</summary>
    /// <param name="Products">Those of the basket, or the one of the page.</param>
    /// <param name="CustomerId">Null for somebody unknown.</param>
    public sealed record Request(IReadOnlyCollection<Guid> Products, Guid? CustomerId = null, int Limit = Limit.Default)
    {
        public ListRules Rules { get; init; } = ListRules.None;

        /// <summary>Whether what sells now fills the list up. It would be no better model of anything.</summary>
        public bool Fill { get; init; }
    }

    /// <summary>So many products of the basket's types are looked at, those that sell best.</summary>
    private const int MostLooked = 1000;

    private readonly record struct Better(ProductLabel Product, int Item, ProductLabel Than);

    /// <exception cref="ProblemException"><c>limit_out_of_range</c>, <c>basket_too_large</c>.</exception>
    public async Task<RecommendedProducts> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Read);
        var limit = Serving.Limit.Demand(request.Limit);
        RecommendForBasket.DemandSize(request.Products);
        var model = models.Current;
        var (subjects, now) = (request.CustomerId is { } id ? await permission.SubjectsAsync(id, ct) : null, time.GetUtcNow());
        var (bought, opinions) = subjects is null ? ([], []) : await reader.ReadAsync(subjects, ct);
        var having = new PurchasesOfCustomer(PurchaseReader.WithBasket(bought, request.Products, now), opinions, subjects is null ? [] : await reader.DislikedAsync(subjects, ct), model, now);
        var better = model is null ? [] : await BetterAsync(model, request.Products, ct);
        var found = better.Select(b => b.Product.ProductId).ToHashSet();
        var list = new ProductList(catalog, limit, having.Excluded) { Welcome = product => found.Contains(product) ? 1 : having.Welcome(product), Rules = request.Rules };
        await list.PinAsync(ct);
        if (model is not null)
        {
            var taste = subjects is null ? null : new PurchasesOfCustomer(bought, opinions, await reader.SignalsAsync(subjects, ct), model, now);
            await list.OfferAsync(Candidates(model, taste, request.Products, better), ct);
        }
        if (request.Fill)
        {
            await list.FillAsync(model, ReasonKind.Bestseller, ct);
        }
        return new RecommendedProducts(list.Products, Personalised: subjects is not null, model?.Card);
    }

    /// <summary>All better ones, each with the dearest product of the basket that it is better than.</summary>
    private async Task<IReadOnlyList<Better>> BetterAsync(ShopModel model, IReadOnlyCollection<Guid> basket, CancellationToken ct)
    {
        var types = model.Habits.Clocks.Types;
        var wanted = basket.Select(model.ItemOf).OfType<int>().Select(types.Of).Where(type => type != TypeTree.None).ToHashSet();
        var items = model.Recommender.Bestsellers.Ranking.ToArray().Select(r => r.Item).Where(item => wanted.Contains(types.Of(item))).Take(MostLooked).Concat(basket.Select(model.ItemOf).OfType<int>()).Distinct().ToList();
        var labels = await catalog.LabelsAsync([.. items.Select(item => model.Products[item])], ct);
        var than = basket.Distinct().Where(labels.ContainsKey).Select(p => labels[p]).OrderByDescending(p => p.PriceMinor).ToList();
        return [.. from item in items
                   where labels.ContainsKey(model.Products[item])
                   let product = labels[model.Products[item]]
                   let worse = than.Find(t => PriceStep.IsBetter(product, t))
                   where worse is not null && !basket.Contains(product.ProductId)
                   select new Better(product, item, worse)];
    }

    private static IEnumerable<Candidate> Candidates(ShopModel model, PurchasesOfCustomer? taste, IReadOnlyCollection<Guid> basket, IReadOnlyList<Better> better)
    {
        var scores = better.ToDictionary(b => b.Item, _ => 0f);
        Add(better.OrderBy(b => (double)b.Product.PriceMinor!.Value / b.Than.PriceMinor!.Value).ThenBy(b => b.Item).Select(b => b.Item), 0.5f);
        foreach (var item in basket.Distinct().Select(model.ItemOf).OfType<int>())
        {
            Add(model.Similar.Of(item).ToArray().Select(n => n.Item));
            Add(model.Viewed.Products.Of(item).ToArray().Select(n => n.Item));
        }
        if (taste is not null)
        {
            var fitting = new Recommendation[better.Count];
            var found = model.Recommender.ForYou.Recommend(taste.Items, taste.Weights, new ItemSet(model.Products.Count, scores.Keys), fitting);
            Add(fitting.Take(found).Where(f => f.Reason.Code == ReasonCode.Purchases).Select(f => f.Item), 2);
        }
        return better.Select(b => new Candidate(b.Product.ProductId, scores[b.Item], ReasonKind.Upsell, 0, [new Evidence(b.Than.ProductId, scores[b.Item])])).OrderByDescending(c => c.Score).ThenBy(c => c.Product);

        // What is not in a list shares its last place: that it is not there says less than that another one is before it.
        void Add(IEnumerable<int> ranked, float weight = 1)
        {
            var places = ranked.Where(scores.ContainsKey).Select((item, at) => (item, at)).ToDictionary(r => r.item, r => r.at + 1);
            foreach (var item in scores.Keys)
            {
                scores[item] += weight * ReciprocalRank.Worth(places.GetValueOrDefault(item, scores.Count));
            }
        }
    }
}
