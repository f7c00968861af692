using Wellmet.Commerce.Contract;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Models;
using Wellmet.Recommendations.Voice;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Clocks;
using Wellmet.Science.Recommenders.Signals;

namespace Wellmet.Recommendations.Serving;

/// <summary>What one customer bought, said and did before, as a model reads it: purchases of a minute ago included.</summary>
internal sealed class PurchasesOfCustomer
{
    private readonly ShopModel? model;
    private readonly Gate[] byType = [];

    private readonly Dictionary<int, float> demoted = [];

    private readonly Dictionary<int, InterestKind> did = [];

    /// <summary>So many of the products that were looked at last say something.</summary>
    private const int MostViewed = 20;

    /// <summary>What is called so much like something that came back, or is not wanted, is nearly the same; see <see cref="LikeNames"/>.</summary>
    private const float Alike = 0.5f;

    /// <param name="bought">Earliest first.</param>
    /// <param name="interest">Newest first.</param>
    public PurchasesOfCustomer(IReadOnlyList<BoughtProduct> bought, IReadOnlyCollection<GivenOpinion> opinions, IReadOnlyList<ProductSignal> interest, ShopModel? model, DateTimeOffset now)
    {
        this.model = model;
        var gifts = opinions.Where(o => o.Opinion == ProductOpinion.Gift).Select(o => o.ProductId).ToHashSet();
        Unwanted = opinions.Where(o => o.Opinion == ProductOpinion.NotInterested).Select(o => o.ProductId).ToHashSet();
        var unwanted = Unwanted;
        var disliked = interest.Where(s => s.Kind == InterestKind.LowRating).Select(s => s.ProductId);
        Excluded = bought.Select(b => b.ProductId).Concat(unwanted).Concat(disliked).ToHashSet();
        if (model is null)
        {
            return;
        }
        var orders = new Dictionary<Guid, int>();
        History = [.. bought.Where(b => b.Kept > 0).Select(b => (Bought: b, Item: model.ItemOf(b.ProductId))).Where(b => b.Item is not null)
            .Select(b => new PastPurchase(IndexOf(b.Bought.OrderId), b.Item!.Value, b.Bought.PlacedAt.ToUnixTimeSeconds(), b.Bought.Kept, gifts.Contains(b.Bought.ProductId)))];
        var values = ValuesOf(SignalsOf(bought, opinions, interest).Where(s => !gifts.Contains(s.Product) || unwanted.Contains(s.Product)), model, now);
        int[] known = [.. Excluded.Select(model.ItemOf).OfType<int>().Where(values.ContainsKey)];
        PurchaseCount = known.Length;
        Items = [.. known, .. interest.Where(s => !Excluded.Contains(s.ProductId)).Select(s => model.ItemOf(s.ProductId)).OfType<int>().Where(values.ContainsKey).Distinct().Take(MostViewed)];
        Weights = [.. Items.Select(item => values[item])];
        foreach (var signal in interest.Where(s => s.Kind != InterestKind.LowRating))
        {
            if (model.ItemOf(signal.ProductId) is { } item && (!did.TryGetValue(item, out var before) || Says(signal.Kind) > Says(before)))
            {
                did[item] = signal.Kind;
            }
        }
        Demote(model);
        byType = new Gate[model.Habits.NotAgain.TypeCount];
        model.Habits.NotAgain.ForTypes(History, now.ToUnixTimeSeconds(), byType);

        int IndexOf(Guid order) => orders.TryGetValue(order, out var index) ? index : orders[order] = orders.Count;
    }

    /// <summary>
    /// What came back, without anything of it kept, speaks against it, from when it came back on as in the fit (<see cref="SignalHistory"/>); what was cancelled was wanted all the same. What they said they do not want is no matter of what they did since.
    /// </summary>
    private IEnumerable<(Guid Product, SignalKind Kind, DateTimeOffset At)> SignalsOf(IReadOnlyList<BoughtProduct> bought, IReadOnlyCollection<GivenOpinion> opinions, IReadOnlyList<ProductSignal> interest)
    {
        var purchases = bought.GroupBy(b => b.ProductId).Select(b => b.Sum(o => o.Kept) == 0 && b.Sum(o => o.Unwanted) > 0
            ? (b.Key, SignalKind.Return, b.Max(o => o.UnwantedAt ?? o.PlacedAt)) : (b.Key, SignalKind.Purchase, b.Max(o => o.PlacedAt)));
        var said = opinions.Where(o => o.Opinion == ProductOpinion.NotInterested).Select(o => (o.ProductId, SignalKind.NotInterested, o.SaidAt));
        return purchases.Concat(interest.Select(s => (s.ProductId, SignalKinds.Of(s.Kind), s.At))).Where(s => !Unwanted.Contains(s.Item1)).Concat(said);
    }

    /// <summary>One value per item of the model.</summary>
    private static Dictionary<int, float> ValuesOf(IEnumerable<(Guid Product, SignalKind Kind, DateTimeOffset At)> all, ShopModel model, DateTimeOffset now)
    {
        Signal[] signals = [.. all.Select(s => (Item: model.ItemOf(s.Product), s.Kind, s.At)).Where(s => s.Item is not null).Select(s => new Signal(s.Item!.Value, s.Kind, s.At.ToUnixTimeSeconds()))];
        var values = new ItemValue[signals.Length];
        return values.Take(model.Signals.Evaluate(signals, now.ToUnixTimeSeconds(), values)).ToDictionary(v => v.Item, v => v.Value);
    }

    /// <summary>What is nearly the same as what they sent back, rated low or do not want is less welcome by as much.</summary>
    private void Demote(ShopModel model)
    {
        for (var at = 0; at < Items.Length; at++)
        {
            foreach (var (item, likeness) in Weights[at] < 0 ? model.Similar.Of(Items[at]) : [])
            {
                if (likeness >= Alike)
                {
                    demoted[item] = Math.Min(demoted.GetValueOrDefault(item, 1), 1 + (Weights[at] * likeness));
                }
            }
        }
    }

    /// <summary>What they bought, also what was cancelled, sent back or a gift, what they rated low and what they do not want: none of it is offered as if they did not know it.</summary>
    public IReadOnlySet<Guid> Excluded { get; }

    /// <summary>What they do not want.</summary>
    public IReadOnlySet<Guid> Unwanted { get; }

    /// <summary>The items that say what they like, and those that say what they do not; gifts say nothing. What they only looked at, put into the basket or wished for comes last.</summary>
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

    /// <summary>The items that they only looked at, put into the basket, wished for or praised.</summary>
    public ReadOnlySpan<int> Viewed => Items.AsSpan(PurchaseCount);

    /// <summary>What they did with an item that is there for nothing that they bought: what says most of it. Null for the others.</summary>
    public InterestKind? DidWith(int item) => Viewed.Contains(item) && did.TryGetValue(item, out var kind) ? kind : null;

    private static int Says(InterestKind kind) => kind switch { InterestKind.HighRating => 3, InterestKind.Cart => 2, InterestKind.WishList => 1, _ => 0 };

    /// <summary>One for each of the items; below 0 where it speaks against.</summary>
    public float[] Weights { get; private set; } = [];

    /// <summary>What they kept, earliest first.</summary>
    public PastPurchase[] History { get; } = [];

    /// <summary>How welcome a product is to somebody who has what they have: 0 not at all, 1 as its score says, below 1 where it is like what they do not like, above 1 when it is due.</summary>
    public float Welcome(Guid product) => model?.ItemOf(product) is { } item ? model.Habits.NotAgain.ForItem(item, History, byType).Factor * demoted.GetValueOrDefault(item, 1) : 1;
}

/// <summary>Reads what a customer bought, said and did before. Only for who may be personalised for.</summary>
public sealed class PurchaseReader(Database database, IOrders orders, ISignals signals, TimeProvider time)
{
    internal async Task<PurchasesOfCustomer> RunAsync(IReadOnlyList<Guid> subjects, ShopModel? model, CancellationToken ct)
    {
        var (bought, opinions) = await ReadAsync(subjects, ct);
        return new PurchasesOfCustomer(bought, opinions, model is null ? [] : await SignalsAsync(subjects, ct), model, time.GetUtcNow());
    }

    /// <summary>What lies in a basket counts as bought now.</summary>
    internal static IReadOnlyList<BoughtProduct> WithBasket(IReadOnlyList<BoughtProduct> bought, IReadOnlyCollection<Guid> basket, DateTimeOffset now) =>
        [.. bought, .. basket.Distinct().Select(p => new BoughtProduct(Guid.Empty, p, now, 1))];

    internal async Task<(IReadOnlyList<BoughtProduct> Bought, IReadOnlyCollection<GivenOpinion> Opinions)> ReadAsync(IReadOnlyList<Guid> subjects, CancellationToken ct) =>
        (await orders.BoughtByAsync(subjects, ct), await ReadOpinions.OfAsync(database, subjects, ct));

    /// <summary>What they rated low, for lists that nothing else of theirs speaks in.</summary>
    internal async Task<IReadOnlyList<ProductSignal>> DislikedAsync(IReadOnlyList<Guid> subjects, CancellationToken ct) => [.. (await SignalsAsync(subjects, ct)).Where(s => s.Kind == InterestKind.LowRating)];

    /// <summary>What they did before they ordered, newest first; of each kind each product once.</summary>
    internal Task<IReadOnlyList<ProductSignal>> SignalsAsync(IReadOnlyList<Guid> subjects, CancellationToken ct) => signals.OfAsync(subjects, ct);
}
