using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Models;
using Wellmet.Science.Recommenders.Clocks;

namespace Wellmet.Recommendations.Serving;

/// <summary>
/// What a customer bought and will want again by now: what is used up, in their own rhythm where they have one, and what they bought on three days or more.
/// Nothing fills the list up unless it is asked for; who does not want personal recommendations gets an empty one.
/// </summary>
public sealed class RecommendAgain(ServedModel models, ICatalog catalog, PurchaseReader reader, CustomerPermission permission, CurrentActor actor, TimeProvider time)
{
    /// <summary>For whom.</summary>
    /// <param name="Limit">How many products at most.</param>
    public sealed record Request(Guid CustomerId, int Limit = Limit.Default)
    {
        public ListRules Rules { get; init; } = ListRules.None;

        /// <summary>Whether what sells now fills the list up, for somebody who does not want personal recommendations, too.</summary>
        public bool Fill { get; init; }
    }

    /// <exception cref="ProblemException"><c>limit_out_of_range</c>.</exception>
    public async Task<RecommendedProducts> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Read);
        var limit = Serving.Limit.Demand(request.Limit);
        var model = models.Current;
        var subjects = await permission.SubjectsAsync(request.CustomerId, ct);
        var list = new ProductList(catalog, limit, []) { Rules = request.Rules };
        await list.PinAsync(ct);
        if (model is not null && subjects is not null)
        {
            var (bought, opinions) = await reader.ReadAsync(subjects, ct);
            var purchases = new PurchasesOfCustomer(bought, opinions, [], model, time.GetUtcNow());
            var results = new AgainItem[purchases.History.Length];
            var found = model.Habits.BuyAgain.Rank(purchases.History, time.GetUtcNow().ToUnixTimeSeconds(), eligible: null, results);
            await list.OfferAsync(results.Take(found).Select(r =>
                new Candidate(model.Products[r.Item], r.Score, ReasonKind.BuyAgain, r.Next.Purchases) { Due = DateTimeOffset.FromUnixTimeSeconds(r.Next.Expected) }), ct);
            // What fills up is no reminder: it must not be what they have.
            list.Exclude(purchases.Excluded);
        }
        if (request.Fill)
        {
            await list.FillAsync(model, subjects is null ? ReasonKind.NotPersonalised : ReasonKind.Bestseller, ct);
        }
        return new RecommendedProducts(list.Products, Personalised: subjects is not null, model?.Card);
    }
}
