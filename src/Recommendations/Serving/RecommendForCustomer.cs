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
/// Products for one customer, from what all of their subjects bought, and from what they looked at lately, which says less: never something already bought, purchases of a minute ago included,
/// nothing that they do not want, and nothing that does the same as what they have and will keep. What they looked at itself comes up only where their purchases speak for it, too. Who
/// does not want personal recommendations gets what sells now, and nothing of theirs is read. Somebody unknown gets that, too.
/// </summary>
public sealed class RecommendForCustomer(ServedModel models, ICatalog catalog, PurchaseReader reader, CustomerPermission permission, CurrentActor actor)
{
    /// <summary>Asked of the model at first beyond the limit, for products that are no longer active or not welcome, or that the shop's rules leave out or move.</summary>
    private const int Spare = 10, SpareOfRules = 200;

    /// <summary>What adds less than this share of the score is not named as its reason.</summary>
    private const float LeastReason = 0.01f;

    /// <summary>A score is a sum of weights between 0 and 1; below this it is what rounding leaves of sums that cancel out, and nothing of theirs speaks for the product.</summary>
    private const float Noise = 1e-6f;

    /// <summary>For whom.</summary>
    /// <param name="Limit">How many products at most.</param>
    public sealed record Request(Guid CustomerId, int Limit = Limit.Default)
    {
        public ListRules Rules { get; init; } = ListRules.None;

        /// <summary>Whether what sells now fills the list up.</summary>
        public bool Fill { get; init; } = true;
    }

    /// <exception cref="ProblemException"><c>limit_out_of_range</c>.</exception>
    public async Task<RecommendedProducts> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Read);
        var limit = Serving.Limit.Demand(request.Limit);
        var model = models.Current;
        if (await permission.SubjectsAsync(request.CustomerId, ct) is not { } subjects)
        {
            var popular = new ProductList(catalog, limit, []) { Rules = request.Rules };
            await popular.PinAsync(ct);
            await popular.FillAsync(model, ReasonKind.NotPersonalised, ct);
            return new RecommendedProducts(popular.Products, Personalised: false, model?.Card);
        }
        var purchases = (await reader.RunAsync(subjects, model, ct)).WithLooks(request.Rules.LooksFactor ?? 1);
        var list = new ProductList(catalog, limit, purchases.Excluded) { Welcome = purchases.Welcome, Rules = request.Rules };
        await list.PinAsync(ct);
        if (model is not null)
        {
            await OfferAsync(list, model, purchases, limit, ct);
        }
        if (request.Fill)
        {
            await list.FillAsync(model, ReasonKind.Bestseller, ct);
        }
        return new RecommendedProducts(list.Products, Personalised: true, model?.Card);
    }

    /// <summary>Asks the model for more where too many of its products cannot be offered.</summary>
    private static async Task OfferAsync(ProductList list, ShopModel model, PurchasesOfCustomer purchases, int limit, CancellationToken ct)
    {
        for (var wanted = limit + (list.Rules == ListRules.None ? Spare : SpareOfRules); ; wanted *= 4)
        {
            var results = new Recommendation[Math.Min(wanted, model.Products.Count)];
            var found = model.Recommender.ForYou.Recommend(purchases.Items, purchases.Weights, eligible: null, results);
            await list.OfferAsync(Candidates(results.Take(found).Concat(Viewed(model, purchases)), model, purchases), ct);
            if (list.IsFull || found < results.Length || results.Length == model.Products.Count || results[found - 1].Reason.Code != ReasonCode.Purchases)
            {
                return;
            }
        }
    }

    /// <summary>Of some items those that the customer's purchases and looks speak for, best first; none that they have.</summary>
    internal static IEnumerable<Candidate> Among(ShopModel model, PurchasesOfCustomer purchases, IReadOnlySet<int> items)
    {
        var results = new Recommendation[items.Count];
        var found = model.Recommender.ForYou.Recommend(purchases.Items, purchases.Weights, new ItemSet(model.Products.Count, items), results);
        return Candidates(results.Take(found).Concat(Viewed(model, purchases).Where(v => items.Contains(v.Item))), model, purchases);
    }

    internal static IEnumerable<Candidate> Candidates(IEnumerable<Recommendation> results, ShopModel model, PurchasesOfCustomer purchases) =>
        results.Where(r => r.Reason.Code == ReasonCode.Purchases).Select(r => CandidateOf(r, model, purchases)).Where(c => c.Score > Noise).OrderByDescending(c => c.Score);

    /// <summary>What they looked at and their purchases alone speak for.</summary>
    private static IEnumerable<Recommendation> Viewed(ShopModel model, PurchasesOfCustomer purchases)
    {
        if (purchases.Viewed.IsEmpty || purchases.PurchaseCount == 0)
        {
            return [];
        }
        var results = new Recommendation[purchases.Viewed.Length];
        var found = model.Recommender.ForYou.Recommend(
            purchases.Items.AsSpan(0, purchases.PurchaseCount), purchases.Weights.AsSpan(0, purchases.PurchaseCount), new ItemSet(model.Products.Count, purchases.Viewed.ToArray()), results);
        return results.Take(found);
    }

    /// <summary>Score and contributions by how welcome the product is now, so that they still add up.</summary>
    private static Candidate CandidateOf(Recommendation result, ShopModel model, PurchasesOfCustomer purchases)
    {
        var welcome = purchases.Welcome(model.Products[result.Item]);
        // What adds next to nothing is no reason, whatever comes after it: then it is all of what they did together.
        var because = new[] { (result.Reason.FirstItem, result.Reason.FirstContribution), (result.Reason.SecondItem, result.Reason.SecondContribution) }
            .Where(b => b.Item1 >= 0 && b.Item2 >= LeastReason * result.Score).Select(b => new Evidence(model.Products[b.Item1], b.Item2 * welcome, purchases.DidWith(b.Item1))).ToList();
        var kind = purchases.DidWith(result.Reason.FirstItem) is null ? ReasonKind.BecauseBought : ReasonKind.BecauseViewed;
        return new Candidate(model.Products[result.Item], result.Score * welcome, kind, 0, because) { Welcome = welcome };
    }
}
