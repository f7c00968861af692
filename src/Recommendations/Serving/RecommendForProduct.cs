using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Models;
using Wellmet.Science.Recommenders;

namespace Wellmet.Recommendations.Serving;

/// <summary>What a product's page may ask.</summary>
public enum ProductQuestion
{
    /// <summary>What did customers who bought this buy, too?</summary>
    AlsoBought,

    /// <summary>What did people who looked at this look at, too?</summary>
    AlsoViewed,

    /// <summary>What was in the same orders?</summary>
    BoughtTogether,

    /// <summary>What does one need with it, or soon after it?</summary>
    GoesWith,

    /// <summary>What else is there of its kind?</summary>
    Similar,
}

/// <summary>
/// Products that go with one. Where too few are known to, the lists of what else was bought or looked at are filled with what sells now and say so, so that as many come as
/// were asked for while the shop has them.
/// </summary>
public sealed class RecommendForProduct(ServedModel models, ICatalog catalog, CurrentActor actor)
{
    /// <summary>Beside which product, and in answer to what.</summary>
    /// <param name="Limit">How many products at most.</param>
    public sealed record Request(Guid ProductId, ProductQuestion Question, int Limit = Limit.Default)
    {
        public ListRules Rules { get; init; } = ListRules.None;

        /// <summary>Whether what sells now fills the list up. What does not go with a product, or is not like it, would be no answer.</summary>
        public bool Fill { get; init; } = Question is not (ProductQuestion.GoesWith or ProductQuestion.Similar);
    }

    /// <exception cref="ProblemException"><c>product_unknown</c>, <c>limit_out_of_range</c>.</exception>
    public async Task<RecommendedProducts> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Read);
        var limit = Serving.Limit.Demand(request.Limit);
        if (!(await catalog.LabelsAsync([request.ProductId], ct)).ContainsKey(request.ProductId))
        {
            throw new ProblemException("product_unknown", "There is no such product.", 404);
        }
        var model = models.Current;
        var list = new ProductList(catalog, limit, [request.ProductId]) { Rules = request.Rules };
        await list.PinAsync(ct);
        if (model?.ItemOf(request.ProductId) is { } item)
        {
            await list.OfferAsync(Neighbours(model, item, request.Question), ct);
        }
        if (request.Fill)
        {
            await list.FillAsync(model, ReasonKind.Bestseller, ct);
        }
        return new RecommendedProducts(list.Products, Personalised: false, model?.Card);
    }

    private static List<Candidate> Neighbours(ShopModel model, int item, ProductQuestion question)
    {
        var (neighbours, counts, kind) = question switch
        {
            ProductQuestion.AlsoBought => (model.Recommender.AlsoBought, model.CustomersOfBoth, ReasonKind.AlsoBought),
            ProductQuestion.AlsoViewed => (model.Viewed.Products, model.Viewed.Viewers, ReasonKind.AlsoViewed),
            ProductQuestion.BoughtTogether => (model.Recommender.BoughtTogether, model.OrdersWithBoth, ReasonKind.BoughtTogether),
            ProductQuestion.GoesWith => (model.Habits.Complements, null, ReasonKind.GoesWith),
            _ => (model.Similar, (SharedCounts?)null, ReasonKind.Similar),
        };
        var candidates = new List<Candidate>();
        foreach (var neighbour in neighbours.Of(item))
        {
            candidates.Add(new Candidate(model.Products[neighbour.Item], neighbour.Score, kind, counts?.Of(item)[candidates.Count] ?? 0));
        }
        return candidates;
    }
}
