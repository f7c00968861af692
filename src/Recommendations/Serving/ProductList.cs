using Wellmet.Commerce.Contract;
using Wellmet.Recommendations.Models;

namespace Wellmet.Recommendations.Serving;

/// <summary>What speaks for a product: another one that was bought, lies in the basket, or was looked at.</summary>
/// <param name="Contribution">Its part of the score.</param>
/// <param name="Did">What was done with it, where it was not bought.</param>
internal readonly record struct Evidence(Guid Product, float Contribution, InterestKind? Did = null);

/// <summary>A product on offer for a list.</summary>
/// <param name="Because">What speaks for it, strongest first.</param>
internal readonly record struct Candidate(Guid Product, float Score, ReasonKind Kind, int Count = 0, IReadOnlyList<Evidence>? Because = null)
{
    /// <summary>When it will be wanted again; null where that is not what it is about.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>Where it sells; null where that is not what it is about.</summary>
    public string? Country { get; init; }

    /// <summary>Part of the score; see <see cref="RecommendedProduct.Welcome"/>.</summary>
    public float Welcome { get; init; } = 1;
}

/// <summary>
/// Fills one list from candidates, best first: each product once, only what the shop offers, until there are enough. What it offers, and
/// whether there is any of it, is asked now, not when the model was trained.
/// </summary>
/// <param name="except">Products that must not come up.</param>
internal sealed class ProductList(ICatalog catalog, int limit, IEnumerable<Guid> except)
{
    private const int Batch = 200, Spare = 5;

    private readonly HashSet<Guid> seen = [.. except];
    private readonly List<RecommendedProduct> products = [], tooMany = [];
    private readonly Dictionary<string, int> ofKind = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How welcome a product is to the customer; what is not at all does not come up, whatever speaks for it.</summary>
    public Func<Guid, float> Welcome { get; init; } = _ => 1;

    /// <summary>What the shop wants of the list.</summary>
    public ListRules Rules { get; init; } = ListRules.None;

    /// <summary>What there would be too much of fills the rest.</summary>
    public IReadOnlyList<RecommendedProduct> Products => tooMany.Count == 0 || IsFull ? products : [.. products, .. tooMany.Take(limit - products.Count)];
    public bool IsFull => products.Count == limit;

    /// <summary>From here on these do not come up.</summary>
    public void Exclude(IEnumerable<Guid> excluded) => seen.UnionWith(excluded);

    /// <summary>First what the shop wants first, unless the customer has it or does not want it.</summary>
    public async Task PinAsync(CancellationToken ct)
    {
        if (Rules.Pinned.Count > 0)
        {
            var labels = await catalog.LabelsAsync(Rules.Pinned, ct);
            foreach (var product in Rules.Pinned.Where(p => labels.TryGetValue(p, out var label) && Rules.Offer(label) && Welcome(p) > 0))
            {
                Add(new Candidate(product, 0, ReasonKind.Pinned), labels);
            }
        }
    }

    /// <summary>Boosts change places among the first <see cref="Batch"/>, and among each as many after them. Without rules only as many are looked up as there is room for, and a few more.</summary>
    public async Task OfferAsync(IEnumerable<Candidate> candidates, CancellationToken ct)
    {
        foreach (var batch in IsFull ? [] : candidates.Where(c => !seen.Contains(c.Product) && Welcome(c.Product) > 0).Chunk(Rules == ListRules.None ? Math.Min(Batch, limit + Spare) : Batch))
        {
            if (IsFull)
            {
                return;
            }
            var labels = await catalog.LabelsAsync([.. batch.Select(c => c.Product), .. batch.SelectMany(c => c.Because ?? []).Select(b => b.Product)], ct);
            var allowed = batch.Where(c => labels.TryGetValue(c.Product, out var label) && Rules.Offer(label) && Rules.Allow(label));
            foreach (var candidate in Rules.Arrange(allowed, c => labels[c.Product]))
            {
                Add(candidate, labels);
            }
        }
    }

    /// <summary>What sells best now, then what the model has never seen sold, then what came into the catalogue after it was trained.</summary>
    public async Task FillAsync(ShopModel? model, ReasonKind bestseller, CancellationToken ct)
    {
        if (model is not null)
        {
            await OfferAsync(Bestsellers(model, bestseller), ct);
        }
        if (!IsFull)
        {
            await OfferAsync((await catalog.AllAsync(ct)).Where(Rules.Offer).Select(p => new Candidate(p.ProductId, 0, ReasonKind.Catalogue)), ct);
        }
    }

    private static IEnumerable<Candidate> Bestsellers(ShopModel model, ReasonKind bestseller)
    {
        for (var rank = 0; rank < model.Products.Count; rank++)
        {
            var (item, sales) = model.Recommender.Bestsellers.Ranking[rank];
            yield return new Candidate(model.Products[item], 0, sales > 0 ? bestseller : ReasonKind.Catalogue);
        }
    }

    private void Add(Candidate candidate, IReadOnlyDictionary<Guid, ProductLabel> labels)
    {
        if (!IsFull && seen.Add(candidate.Product))
        {
            var because = (candidate.Because ?? []).Where(b => labels.ContainsKey(b.Product)).Select(b => new PurchaseEvidence(labels[b.Product], b.Contribution) { Did = b.Did });
            (IsTooMany(candidate, labels[candidate.Product]) ? tooMany : products).Add(new RecommendedProduct(labels[candidate.Product], candidate.Score, new RecommendationReason(candidate.Kind, [.. because], RecommendationReason.Told(candidate.Kind, candidate.Count)) { Due = candidate.Due, Country = candidate.Country }) { Welcome = candidate.Welcome });
        }
    }

    /// <summary>Of its kind as many stand in the list as the shop wants; what it wants first is not asked.</summary>
    private bool IsTooMany(Candidate candidate, ProductLabel label)
    {
        if (Rules.MostOfKind is not { } most || label.Kind is not { } kind)
        {
            return false;
        }
        var before = ofKind.GetValueOrDefault(kind);
        ofKind[kind] = before + 1;
        return before >= most && candidate.Kind != ReasonKind.Pinned;
    }
}
