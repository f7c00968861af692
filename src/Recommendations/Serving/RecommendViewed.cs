using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Models;
using Wellmet.Science.Recommenders.Signals;

namespace Wellmet.Recommendations.Serving;

/// <summary>
/// What a customer looked at last, newest first: not what they bought since, unless they looked at it again, and nothing that they do not want. Nothing fills the
/// list up unless it is asked for; who does not want personal recommendations gets an empty one.
/// </summary>
public sealed class RecommendViewed(ServedModel models, ICatalog catalog, PurchaseReader reader, CustomerPermission permission, CurrentActor actor, TimeProvider time)
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
        if (await permission.SubjectsAsync(request.CustomerId, ct) is not { } subjects)
        {
            var popular = new ProductList(catalog, limit, []) { Rules = request.Rules };
            await popular.PinAsync(ct);
            await FillAsync(popular, ReasonKind.NotPersonalised);
            return new RecommendedProducts(popular.Products, Personalised: false, model?.Card);
        }
        var (bought, opinions) = await reader.ReadAsync(subjects, ct);
        var unwanted = opinions.Where(o => o.Opinion == ProductOpinion.NotInterested).Select(o => o.ProductId).ToHashSet();
        var lastBought = bought.GroupBy(b => b.ProductId).ToDictionary(b => b.Key, b => b.Max(o => o.PlacedAt));
        var list = new ProductList(catalog, limit, unwanted) { Rules = request.Rules with { Pinned = [.. request.Rules.Pinned.Where(p => !lastBought.ContainsKey(p))] } };
        await list.PinAsync(ct);
        await list.OfferAsync((await reader.SignalsAsync(subjects, ct)).Where(v => v.Kind == InterestKind.View && !(lastBought.TryGetValue(v.ProductId, out var at) && at >= v.At))
            .Select(v => new Candidate(v.ProductId, (float)SignalWeights.Default[SignalKind.View].At((time.GetUtcNow() - v.At).TotalDays), ReasonKind.Viewed)), ct);
        // What fills up must not be what they have.
        list.Exclude(lastBought.Keys);
        await FillAsync(list, ReasonKind.Bestseller);
        return new RecommendedProducts(list.Products, Personalised: true, model?.Card);

        Task FillAsync(ProductList filled, ReasonKind kind) => request.Fill ? filled.FillAsync(model, kind, ct) : Task.CompletedTask;
    }
}
