using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Models;
using Wellmet.Science.Recommenders;

namespace Wellmet.Recommendations.Serving;

/// <summary>
/// What goes with all that lies in a basket, or that was just bought. Each product there gives its lists of what goes with it and what is ordered with it; a product's score
/// is the sum of what its places in them are worth (<see cref="ReciprocalRank"/>), so that scores of different kinds need not be compared,
/// and each part of the sum has the product that gave it as its reason. Nothing that is in the basket comes up, nor what the customer rated low, nor a second of a kind that one keeps.
/// </summary>
public sealed class RecommendForBasket(ServedModel models, ICatalog catalog, PurchaseReader reader, CustomerPermission permission, CurrentActor actor, TimeProvider time)
{
    /// <summary>Products in one basket that are looked at.</summary>
    public const int MostProducts = 50;

    /// <summary>With what, and for whom.</summary>
    /// <param name="Products">Null for those of the customer's last order.</param>
    /// <param name="CustomerId">Whose purchases keep products from coming up; null for somebody unknown.</param>
    public sealed record Request(IReadOnlyCollection<Guid>? Products, Guid? CustomerId = null, int Limit = Limit.Default)
    {
        public ListRules Rules { get; init; } = ListRules.None;

        /// <summary>Whether what sells now fills the list up.</summary>
        public bool Fill { get; init; } = true;
    }

    /// <exception cref="ProblemException"><c>limit_out_of_range</c>, <c>basket_too_large</c>.</exception>
    public async Task<RecommendedProducts> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Read);
        var limit = Serving.Limit.Demand(request.Limit);
        DemandSize(request.Products);
        var model = models.Current;
        var (subjects, now) = (request.CustomerId is { } id ? await permission.SubjectsAsync(id, ct) : null, time.GetUtcNow());
        var (bought, opinions) = subjects is null ? ([], []) : await reader.ReadAsync(subjects, ct);
        var basket = request.Products ?? LastOrder(bought);
        var having = new PurchasesOfCustomer(PurchaseReader.WithBasket(bought, basket, now), opinions, subjects is null ? [] : await reader.DislikedAsync(subjects, ct), model, now);
        var list = new ProductList(catalog, limit, having.Excluded) { Welcome = having.Welcome, Rules = request.Rules };
        await list.PinAsync(ct);
        if (model is not null)
        {
            await list.OfferAsync(Candidates(model, basket), ct);
        }
        if (request.Fill)
        {
            await list.FillAsync(model, ReasonKind.Bestseller, ct);
        }
        return new RecommendedProducts(list.Products, Personalised: subjects is not null, model?.Card);
    }

    /// <exception cref="ProblemException"><c>basket_too_large</c>.</exception>
    internal static void DemandSize(IReadOnlyCollection<Guid>? products)
    {
        if (products?.Count > MostProducts)
        {
            throw new ProblemException("basket_too_large", "Name at most {0} products.", 400, MostProducts);
        }
    }

    /// <summary>The products of the last order of which something was kept.</summary>
    private static IReadOnlyCollection<Guid> LastOrder(IReadOnlyList<BoughtProduct> bought)
    {
        var kept = bought.Where(b => b.Kept > 0).ToList();
        return kept.MaxBy(k => k.PlacedAt) is not { } last ? [] : [.. kept.Where(b => b.OrderId == last.OrderId).Select(b => b.ProductId).Distinct().Take(MostProducts)];
    }

    private static IEnumerable<Candidate> Candidates(ShopModel model, IReadOnlyCollection<Guid> basket)
    {
        var parts = new Dictionary<int, List<(Guid Product, float Contribution)>>();
        foreach (var product in basket.Distinct())
        {
            if (model.ItemOf(product) is { } item)
            {
                Add(model.Habits.Complements, product, item);
                Add(model.Recommender.BoughtTogether, product, item);
            }
        }
        return parts.Select(p => new Candidate(model.Products[p.Key], p.Value.Sum(v => v.Contribution), ReasonKind.GoesWithBasket, 0,
                [.. p.Value.GroupBy(v => v.Product).Select(g => new Evidence(g.Key, g.Sum(v => v.Contribution))).OrderByDescending(e => e.Contribution)]))
            .OrderByDescending(c => c.Score).ThenBy(c => c.Product);

        void Add(Neighbours neighbours, Guid product, int item)
        {
            var rank = 0;
            foreach (var neighbour in neighbours.Of(item))
            {
                if (!parts.TryGetValue(neighbour.Item, out var given))
                {
                    parts[neighbour.Item] = given = [];
                }
                given.Add((product, ReciprocalRank.Worth(++rank)));
            }
        }
    }
}
