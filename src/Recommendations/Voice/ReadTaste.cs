using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Serving;

namespace Wellmet.Recommendations.Voice;

/// <summary>What is used to choose products for somebody.</summary>
/// <param name="Personal">False where they object; then nothing is used, and nothing is shown.</param>
/// <param name="Bought">What they bought and kept, last first; at most <see cref="Most"/>.</param>
/// <param name="Viewed">What they looked at, put into the basket, wished for or praised and did not buy, last first; without what they are not interested in.</param>
/// <param name="Unwanted">What they are not interested in, last first.</param>
/// <param name="RatedLow">What they rated with one or two of five, bought or not, last first; without what they are not interested in.</param>
public sealed record Taste(bool Personal, IReadOnlyList<Taste.Purchase> Bought, IReadOnlyList<ProductLabel> Viewed, IReadOnlyList<ProductLabel> Unwanted, IReadOnlyList<ProductLabel> RatedLow)
{
    /// <summary>So many purchases are shown.</summary>
    public const int Most = 200;

    /// <param name="BoughtAt">The last time.</param>
    /// <param name="Gift">They said that it was for somebody else, so that it says nothing about them.</param>
    public sealed record Purchase(ProductLabel Product, DateTimeOffset BoughtAt, bool Gift);
}

/// <summary>Shows a customer, who is proved to be signed in on a page of the shop, what their recommendations are made of.</summary>
public sealed class ReadTaste(PageVisitor visitor, CustomerPermission permission, PurchaseReader purchases, ICatalog catalog)
{
    /// <param name="proof">The identity proof of who is signed in.</param>
    /// <exception cref="ProblemException"><c>proof_refused</c> (422).</exception>
    public async Task<Taste> RunAsync(string? proof, CancellationToken ct)
    {
        var customer = await visitor.DemandAsync(proof, RecommendationsPermissions.Read, ct);
        if (await permission.SubjectsAsync(customer, ct) is not { } subjects)
        {
            return new Taste(false, [], [], [], []);
        }
        var (all, opinions) = await purchases.ReadAsync(subjects, ct);
        var bought = all.Where(b => b.Kept > 0).GroupBy(b => b.ProductId).Select(b => (Product: b.Key, At: b.Max(o => o.PlacedAt))).OrderByDescending(b => b.At).ThenBy(b => b.Product).Take(Taste.Most).ToList();
        var gifts = opinions.Where(o => o.Opinion == ProductOpinion.Gift).Select(o => o.ProductId).ToHashSet();
        var unwanted = opinions.Where(o => o.Opinion == ProductOpinion.NotInterested).Select(o => o.ProductId).Distinct().ToList();
        var known = all.Select(b => b.ProductId).Concat(unwanted).ToHashSet();
        var signals = await purchases.SignalsAsync(subjects, ct);
        var ratedLow = signals.Where(s => s.Kind == InterestKind.LowRating).Select(s => s.ProductId).Except(unwanted).Take(Taste.Most).ToList();
        var viewed = signals.Where(s => s.Kind != InterestKind.LowRating).Select(s => s.ProductId).Distinct().Where(p => !known.Contains(p) && !ratedLow.Contains(p)).Take(Taste.Most).ToList();
        var labels = await catalog.LabelsAsync([.. bought.Select(b => b.Product).Concat(viewed).Concat(unwanted).Concat(ratedLow).Distinct()], ct);
        return new Taste(true,
            [.. bought.Where(b => labels.ContainsKey(b.Product)).Select(b => new Taste.Purchase(labels[b.Product], b.At, gifts.Contains(b.Product)))],
            [.. viewed.Where(labels.ContainsKey).Select(p => labels[p])],
            [.. unwanted.Where(labels.ContainsKey).Select(p => labels[p])],
            [.. ratedLow.Where(labels.ContainsKey).Select(p => labels[p])]);
    }
}
