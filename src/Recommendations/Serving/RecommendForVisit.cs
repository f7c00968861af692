using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Models;
using Wellmet.Science.Recommenders;

namespace Wellmet.Recommendations.Serving;

/// <summary>
/// What somebody may look at next in this visit, from what they looked at so far, the last look most, as people went on from there (<see cref="NextLooks"/>). It needs to know nobody: the page says what was looked at. Of a known
/// customer, where they do not object, it leaves out what they bought, keep or do not want.
/// </summary>
public sealed class RecommendForVisit(ServedModel models, ICatalog catalog, PurchaseReader reader, CustomerPermission permission, CurrentActor actor)
{
    /// <summary>Asked of the model beyond the limit, for products that are no longer active or not welcome, or that the shop's rules leave out or move.</summary>
    private const int Spare = 200;

    /// <summary>So many looks are named in a reason.</summary>
    private const int Named = 2;

    /// <param name="Products">What was looked at in this visit, the last one last.</param>
    /// <param name="CustomerId">Null for somebody unknown.</param>
    public sealed record Request(IReadOnlyList<Guid> Products, Guid? CustomerId = null, int Limit = Limit.Default)
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
        RecommendForBasket.DemandSize(request.Products);
        var model = models.Current;
        var subjects = request.CustomerId is { } id ? await permission.SubjectsAsync(id, ct) : null;
        var having = subjects is null ? null : await reader.RunAsync(subjects, model, ct);
        var list = new ProductList(catalog, limit, [.. request.Products, .. having?.Excluded ?? new HashSet<Guid>()]) { Welcome = having is null ? _ => 1 : having.Welcome, Rules = request.Rules };
        await list.PinAsync(ct);
        if (model is not null)
        {
            await list.OfferAsync(Candidates(model, [.. request.Products.Select(model.ItemOf).OfType<int>()], limit + Spare), ct);
        }
        if (request.Fill)
        {
            await list.FillAsync(model, request.CustomerId is not null && subjects is null ? ReasonKind.NotPersonalised : ReasonKind.Bestseller, ct);
        }
        return new RecommendedProducts(list.Products, Personalised: subjects is not null, model?.Card);
    }

    private static List<Candidate> Candidates(ShopModel model, int[] looks, int most)
    {
        var results = new Neighbour[Math.Min(most, model.Products.Count)];
        var found = model.Next.Model.Recommend(looks, eligible: null, results);
        return [.. results.Take(found).Where(r => r.Score > 0).Select(r => new Candidate(model.Products[r.Item], r.Score, ReasonKind.BecauseViewed, 0, Because(model, looks, r.Item)))];
    }

    /// <summary>The looks that say most; one at a product that came several times says what all of them say.</summary>
    private static List<Evidence> Because(ShopModel model, int[] looks, int item)
    {
        var contributions = new float[looks.Length];
        model.Next.Model.Contributions(looks, item, contributions);
        return [.. looks.Zip(contributions).GroupBy(l => l.First, l => l.Second).Select(l => new Evidence(model.Products[l.Key], l.Sum(), InterestKind.View)).Where(e => e.Contribution > 0)
            .OrderByDescending(e => e.Contribution).Take(Named)];
    }
}
