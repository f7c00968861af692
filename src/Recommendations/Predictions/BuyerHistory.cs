using Wellmet.Commerce.Contract;
using Wellmet.Recommendations.Models;
using Wellmet.Science.Recommenders;

namespace Wellmet.Recommendations.Predictions;

/// <summary>What is left of a product of an order at some time.</summary>
/// <param name="Order">Counted from 0, in the order in which they were told.</param>
/// <param name="Time">Of the order, seconds since 1970-01-01 UTC.</param>
/// <param name="AmountMinor">What the kept pieces cost; 0 in another currency than the shop's first.</param>
internal readonly record struct KeptProduct(int Order, Guid ProductId, long Time, float Pieces, long AmountMinor);

/// <summary>
/// What a customer did, with the time of each step, so that it can be seen as it stood on any earlier day: what was cancelled or sent back later is not known then. Times are seconds since
/// 1970-01-01 UTC.
/// </summary>
internal sealed class BuyerHistory(Guid customerId, string currency)
{
    /// <summary>Lines that are looked at, the latest ones: the time of what is worked out from them grows with their square.</summary>
    private const int MostLines = 300;

    private readonly Dictionary<Guid, int> orders = [];
    private readonly List<long> orderTimes = [];
    private readonly List<bool> inCurrency = [];
    private readonly List<Movement> movements = [];
    private readonly List<(long Time, bool Basket)> looks = [];

    public Guid CustomerId => customerId;

    /// <summary>Products that they bought for somebody else.</summary>
    public HashSet<Guid> Gifts { get; } = [];

    /// <summary>Products that they are not interested in.</summary>
    public HashSet<Guid> Unwanted { get; } = [];

    public bool IsEmpty => movements.Count == 0;

    public void Add(Guid orderId, DateTimeOffset at, string orderCurrency, IReadOnlyList<OrderedProduct> products)
    {
        if (products.Count > 0 && !orders.ContainsKey(orderId))
        {
            orders[orderId] = orderTimes.Count;
            orderTimes.Add(at.ToUnixTimeSeconds());
            inCurrency.Add(orderCurrency == currency);
        }
        Move(orderId, at, products, 1);
    }

    /// <summary>Cancelled or sent back; where it is not known of which order, nothing is taken off.</summary>
    public void Subtract(Guid? orderId, DateTimeOffset at, IReadOnlyList<OrderedProduct> products)
    {
        if (orderId is { } id)
        {
            Move(id, at, products, -1);
        }
    }

    public void Look(DateTimeOffset at, bool basket) => looks.Add((at.ToUnixTimeSeconds(), basket));

    /// <summary>What they had bought and kept before a time, the earliest order first, its products together.</summary>
    public List<KeptProduct> KeptBefore(long time)
    {
        var sums = new Dictionary<(int Order, Guid Product), (float Pieces, long Amount)>();
        foreach (var move in movements.Where(m => m.Time < time))
        {
            var (pieces, amount) = sums.GetValueOrDefault((move.Order, move.ProductId));
            sums[(move.Order, move.ProductId)] = (pieces + move.Pieces, amount + move.AmountMinor);
        }
        return [.. sums.Where(s => s.Value.Pieces > 0).Select(s => new KeptProduct(s.Key.Order, s.Key.Product, orderTimes[s.Key.Order], s.Value.Pieces, s.Value.Amount))
            .OrderBy(k => k.Time).ThenBy(k => k.Order).ThenBy(k => k.ProductId)];
    }

    /// <summary>Pieces that they had ordered before a time, and those of them that had been cancelled or sent back.</summary>
    public (float Ordered, float Back) PiecesBefore(long time) =>
        (movements.Where(m => m.Time < time && m.Pieces > 0).Sum(m => m.Pieces), -movements.Where(m => m.Time < time && m.Pieces < 0).Sum(m => m.Pieces));

    /// <summary>Whether they ordered something in a span of time that they still had at its end.</summary>
    public bool OrderedWithin(long from, long until) => orderTimes.Exists(t => t >= from && t < until) && KeptBefore(until).Exists(k => k.Time >= from);

    /// <summary>What they looked at in the thirty days before a time, what they put into the basket, and how many days ago the last of both was; NaN for none.</summary>
    public (int Looks, int Baskets, double DaysAgo) InterestBefore(long time)
    {
        var lately = looks.Where(l => l.Time < time && l.Time >= time - (BuyerFeatures.LatelyDays * BuyerFeatures.SecondsPerDay)).ToList();
        return lately.Count == 0 ? (0, 0, double.NaN) : (lately.Count(l => !l.Basket), lately.Count(l => l.Basket), (time - lately.Max(l => l.Time)) / (double)BuyerFeatures.SecondsPerDay);
    }

    /// <summary>As the recommenders read it: products that the model does not know are left out, of many lines the latest are there.</summary>
    public PastPurchase[] Lines(IEnumerable<KeptProduct> kept, ShopModel model) =>
        [.. kept.Select(k => (Kept: k, Item: model.ItemOf(k.ProductId))).Where(k => k.Item is not null).TakeLast(MostLines)
            .Select(k => new PastPurchase(k.Kept.Order, k.Item!.Value, k.Kept.Time, k.Kept.Pieces, Gifts.Contains(k.Kept.ProductId)))];

    private void Move(Guid orderId, DateTimeOffset at, IReadOnlyList<OrderedProduct> products, int sign)
    {
        if (!orders.TryGetValue(orderId, out var order))
        {
            return;
        }
        foreach (var product in products.Where(p => p.Quantity != 0))
        {
            movements.Add(new Movement(order, product.ProductId, at.ToUnixTimeSeconds(), sign * Math.Abs((float)product.Quantity), inCurrency[order] ? sign * Math.Abs(product.AmountMinor) : 0));
        }
    }

    /// <param name="Pieces">Below 0 where they were cancelled or came back.</param>
    private readonly record struct Movement(int Order, Guid ProductId, long Time, float Pieces, long AmountMinor);
}
