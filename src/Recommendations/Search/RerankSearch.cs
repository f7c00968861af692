using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Models;
using Wellmet.Recommendations.Serving;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Clocks;

namespace Wellmet.Recommendations.Search;

/// <summary>A product of a search's list, in the order for a customer.</summary>
/// <param name="Named">As the search named it.</param>
/// <param name="Product">Null for one that the catalogue does not know.</param>
/// <param name="Score">Comparable within one answer; null where nothing of the customer was used, where the product is not known, and where it stands at the end because it must not be offered.</param>
/// <param name="Moved">So many places nearer to the front than the search put it; below 0 for further from it.</param>
public sealed record RerankedProduct(string Named, ProductLabel? Product, float? Score, int Moved);

/// <param name="Personalised">Whether what is known of the customer was used; otherwise the order is the search's own.</param>
/// <param name="Model">What the order was computed with; null before the first training.</param>
public sealed record RerankedSearch(IReadOnlyList<RerankedProduct> Products, bool Personalised, ModelCard? Model);

/// <summary>
/// Puts the results of a shop's search into the order for one customer (<see cref="PersonalOrder"/>): all of them, each once, and nothing else. By taste come first the products that they
/// will want again by now, then what their purchases and looks speak for; what they have and keep is never moved up. What they do not want, and what is not active, goes to the end. Products that the catalogue does not know stay at
/// their places. The search's own order comes back for somebody unknown, for who does not want personal recommendations, where nothing is known of the customer yet, and where the query is a product's
/// code or whole name: who searches for one product wants that one, and taste can only disturb (Teevan, Dumais and Liebling, "To personalize or not to personalize", SIGIR 2008).
/// </summary>
public sealed class RerankSearch(ModelStore models, ICatalog catalog, PurchaseReader reader, CustomerPermission permission, TimeProvider time, CurrentActor actor)
{
    /// <summary>So many products at a time.</summary>
    public const int Most = 200;

    /// <param name="CustomerId">The customer, or any of their subjects; null for somebody unknown.</param>
    /// <param name="Products">Ids or codes, in the search's order; one that comes again is passed over.</param>
    /// <param name="Query">What was searched for; null where the search does not tell.</param>
    public sealed record Request(Guid? CustomerId, IReadOnlyList<string> Products, string? Query = null);

    /// <exception cref="ProblemException"><c>search_results_many</c>.</exception>
    public async Task<RerankedSearch> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Read);
        if (request.Products.Count is 0 or > Most)
        {
            throw new ProblemException("search_results_many", "Name 1 to {0} products.", 400, Most);
        }
        var (model, results) = (models.Current, await FindAsync(request.Products, ct));
        if (model is null || request.CustomerId is not { } customer || NamesOne(request.Query, results) || await permission.SubjectsAsync(customer, ct) is not { } subjects)
        {
            return Untouched(results, model);
        }
        var purchases = await reader.RunAsync(subjects, model, ct);
        return purchases.Items.Length == 0 && purchases.Excluded.Count == 0 ? Untouched(results, model) : new RerankedSearch(Arrange(model, purchases, results), true, model.Card);
    }

    private static RerankedSearch Untouched(IReadOnlyList<RerankedProduct> results, ShopModel? model) => new(results, false, model?.Card);

    private async Task<IReadOnlyList<RerankedProduct>> FindAsync(IReadOnlyList<string> named, CancellationToken ct)
    {
        var byCode = await catalog.BySkuAsync([.. named], ct);
        var byId = await catalog.LabelsAsync([.. named.Where(n => !byCode.ContainsKey(n) && Guid.TryParse(n, out _)).Select(Guid.Parse)], ct);
        return [.. named.Select(n => new RerankedProduct(n, byCode.GetValueOrDefault(n) ?? (Guid.TryParse(n, out var id) ? byId.GetValueOrDefault(id) : null), null, 0)).DistinctBy(r => r.Product?.ProductId.ToString() ?? r.Named)];
    }

    private static bool NamesOne(string? query, IReadOnlyList<RerankedProduct> results) => query?.Trim() is { Length: > 0 } text
        && results.Any(r => string.Equals(r.Product?.Sku, text, StringComparison.OrdinalIgnoreCase) || string.Equals(r.Product?.Name, text, StringComparison.OrdinalIgnoreCase));

    /// <summary>What is known changes places, among the places where known products stand.</summary>
    private RerankedProduct[] Arrange(ShopModel model, PurchasesOfCustomer purchases, IReadOnlyList<RerankedProduct> results)
    {
        var known = Enumerable.Range(0, results.Count).Where(at => results[at].Product is not null).ToList();
        var last = known.FindAll(at => !ListRules.None.Offer(results[at].Product!) || purchases.Unwanted.Contains(results[at].Product!.ProductId));
        var offered = known.Except(last).ToList();
        var taste = TasteOf(model, purchases, [.. offered.Select(at => results[at].Product!.ProductId)]);
        var ordered = PersonalOrder.Of([.. offered.Select(at => taste.GetValueOrDefault(results[at].Product!.ProductId))], PersonalOrder.WeightOf(purchases.Weights.Sum(Math.Abs)));
        var arranged = results.ToArray();
        foreach (var (place, (from, score)) in known.Zip(ordered.Select(o => (offered[o.Place], (float?)o.Score)).Concat(last.Select(at => (at, (float?)null)))))
        {
            arranged[place] = results[from] with { Score = score, Moved = from - place };
        }
        return arranged;
    }

    /// <summary>The places of products by taste, from 1; what is not there taste says nothing of.</summary>
    private Dictionary<Guid, int> TasteOf(ShopModel model, PurchasesOfCustomer purchases, IReadOnlyList<Guid> products)
    {
        var items = products.Select(model.ItemOf).OfType<int>().ToHashSet();
        var again = new AgainItem[purchases.History.Length];
        var found = model.Habits.BuyAgain.Rank(purchases.History, time.GetUtcNow().ToUnixTimeSeconds(), new ItemSet(model.Products.Count, items), again);
        return again.Take(found).Select(a => model.Products[a.Item]).Concat(RecommendForCustomer.Among(model, purchases, items).Select(c => c.Product)).Distinct()
            .Select((product, at) => (product, at)).ToDictionary(p => p.product, p => p.at + 1);
    }
}
