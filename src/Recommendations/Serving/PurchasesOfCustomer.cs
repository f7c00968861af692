using Wellmet.Commerce.Contract;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Models;
using Wellmet.Recommendations.Voice;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Clocks;
using Wellmet.Science.Recommenders.Signals;

namespace Wellmet.Recommendations.Serving;

/// <summary>What one customer bought, said and looked at, as a model reads it: purchases of a minute ago included.</summary>
internal sealed class PurchasesOfCustomer
{
    private readonly ShopModel? model;
    private readonly Gate[] byType = [];

    /// <summary>What somebody does not want speaks half as much against what is like it as a purchase would speak for it.</summary>
    private const float Dislike = -0.5f;

    /// <summary>So many of the products that were looked at last say something.</summary>
    private const int MostViewed = 20;

    /// <param name="bought">Earliest first.</param>
    /// <param name="views">Newest first.</param>
    public PurchasesOfCustomer(IReadOnlyList<BoughtProduct> bought, IReadOnlyCollection<GivenOpinion> opinions, IReadOnlyList<LookedAt> views, ShopModel? model, DateTimeOffset now)
    {
        this.model = model;
        var gifts = opinions.Where(o => o.Opinion == ProductOpinion.Gift).Select(o => o.ProductId).ToHashSet();
        Unwanted = opinions.Where(o => o.Opinion == ProductOpinion.NotInterested).Select(o => o.ProductId).ToHashSet();
        var unwanted = Unwanted;
        Excluded = bought.Select(b => b.ProductId).Concat(unwanted).ToHashSet();
        if (model is null)
        {
            return;
        }
        var orders = new Dictionary<Guid, int>();
        History = [.. bought.Where(b => b.Kept > 0).Select(b => (Bought: b, Item: model.ItemOf(b.ProductId))).Where(b => b.Item is not null)
            .Select(b => new PastPurchase(IndexOf(b.Bought.OrderId), b.Item!.Value, b.Bought.PlacedAt.ToUnixTimeSeconds(), b.Bought.Kept, gifts.Contains(b.Bought.ProductId)))];
        var evidence = Excluded.Where(p => !gifts.Contains(p) || unwanted.Contains(p)).Select(p => (Item: model.ItemOf(p), Weight: unwanted.Contains(p) ? Dislike : 1)).Where(e => e.Item is not null).ToList();
        PurchaseCount = evidence.Count;
        evidence.AddRange(views.Where(v => !Excluded.Contains(v.ProductId)).Select(v => (Item: model.ItemOf(v.ProductId), v.Weight)).Where(v => v.Item is not null).Take(MostViewed));
        Items = [.. evidence.Select(e => e.Item!.Value)];
        Weights = [.. evidence.Select(e => e.Weight)];
        byType = new Gate[model.Habits.NotAgain.TypeCount];
        model.Habits.NotAgain.ForTypes(History, now.ToUnixTimeSeconds(), byType);

        int IndexOf(Guid order) => orders.TryGetValue(order, out var index) ? index : orders[order] = orders.Count;
    }

    /// <summary>What they bought, also what was cancelled, sent back or a gift, and what they do not want: none of it is offered as if they did not know it.</summary>
    public IReadOnlySet<Guid> Excluded { get; }

    /// <summary>What they do not want.</summary>
    public IReadOnlySet<Guid> Unwanted { get; }

    /// <summary>The items that say what they like, and those that say what they do not; gifts say nothing. What they only looked at comes last.</summary>
    public int[] Items { get; } = [];

    /// <summary>The same, but what they only looked at counts so many times as much.</summary>
    public PurchasesOfCustomer WithLooks(double factor)
    {
        if (factor == 1 || PurchaseCount == Items.Length)
        {
            return this;
        }
        var other = (PurchasesOfCustomer)MemberwiseClone();
        other.Weights = [.. Weights.Select((weight, at) => at < PurchaseCount ? weight : weight * (float)factor)];
        return other;
    }

    /// <summary>So many of the items, from the front, are there because of a purchase or of what was said.</summary>
    public int PurchaseCount { get; }

    /// <summary>The items that they only looked at.</summary>
    public ReadOnlySpan<int> Viewed => Items.AsSpan(PurchaseCount);

    /// <summary>One for each of the items; below 0 where it speaks against.</summary>
    public float[] Weights { get; private set; } = [];

    /// <summary>What they kept, earliest first.</summary>
    public PastPurchase[] History { get; } = [];

    /// <summary>How welcome a product is to somebody who has what they have: 0 not at all, 1 as its score says, above 1 when it is due.</summary>
    public float Welcome(Guid product) => model?.ItemOf(product) is { } item ? model.Habits.NotAgain.ForItem(item, History, byType).Factor : 1;
}

/// <summary>A product that somebody looked at, and how much that says now.</summary>
/// <param name="At">The last time.</param>
/// <param name="Weight">Above 0; less the longer ago it was. A purchase has 1.</param>
internal readonly record struct LookedAt(Guid ProductId, DateTimeOffset At, float Weight);

/// <summary>Reads what a customer bought, said and looked at. Only for who may be personalised for.</summary>
public sealed class PurchaseReader(Database database, IOrders orders, IViews views, TimeProvider time)
{
    internal async Task<PurchasesOfCustomer> RunAsync(IReadOnlyList<Guid> subjects, ShopModel? model, CancellationToken ct)
    {
        var (bought, opinions) = await ReadAsync(subjects, ct);
        return new PurchasesOfCustomer(bought, opinions, model is null ? [] : await ViewsAsync(subjects, ct), model, time.GetUtcNow());
    }

    /// <summary>What lies in a basket counts as bought now.</summary>
    internal static IReadOnlyList<BoughtProduct> WithBasket(IReadOnlyList<BoughtProduct> bought, IReadOnlyCollection<Guid> basket, DateTimeOffset now) =>
        [.. bought, .. basket.Distinct().Select(p => new BoughtProduct(Guid.Empty, p, now, 1))];

    internal async Task<(IReadOnlyList<BoughtProduct> Bought, IReadOnlyCollection<GivenOpinion> Opinions)> ReadAsync(IReadOnlyList<Guid> subjects, CancellationToken ct) =>
        (await orders.BoughtByAsync(subjects, ct), await ReadOpinions.OfAsync(database, subjects, ct));

    /// <summary>Newest first, each product once.</summary>
    internal async Task<IReadOnlyList<LookedAt>> ViewsAsync(IReadOnlyList<Guid> subjects, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        return [.. (await views.OfAsync(subjects, ct)).Select(v => new LookedAt(v.ProductId, v.ViewedAt, (float)SignalWeights.Default[SignalKind.View].At((now - v.ViewedAt).TotalDays)))];
    }
}
