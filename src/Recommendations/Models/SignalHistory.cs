using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Log;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Contract;
using Wellmet.Science.Recommenders.Signals;

namespace Wellmet.Recommendations.Models;

/// <summary>
/// Reads from the log what customers had done before an order, beside buying: looks, baskets, wish lists, ratings, returns, and what they said. What the weights of signals are fitted to. Who objects to
/// being personalised for is not read.
/// </summary>
public sealed class SignalHistory(Database database, LogReader log, ICustomers customers, IPurposeGate gate)
{
    private const int Most = 3_000, Page = 500, SubjectsPage = 5_000;

    /// <summary>What is older than this is not looked for.</summary>
    private static readonly TimeSpan Reach = TimeSpan.FromDays(365);

    /// <summary>Of customers who ordered from a moment on, as they stood when the visit of the first of these orders began; at most <see cref="Most"/>, those who ordered last.</summary>
    /// <param name="data">All purchases, those after the moment, too.</param>
    /// <param name="cut">Seconds since 1970-01-01 UTC.</param>
    internal async Task<IReadOnlyList<SignalExample>> ReadAsync(PurchaseData data, long cut, CancellationToken ct)
    {
        var people = OrdersFrom(data, cut).OrderByDescending(p => p.Orders[^1].Time).Take(Most).ToDictionary(p => data.Customers[p.User], p => (p.Orders, Ordered: p.Orders.First(o => o.Time >= cut)));
        var items = data.Products.Select((product, item) => (product, item)).ToDictionary(p => p.product, p => p.item);
        var bySku = data.Labels.Select((label, item) => (label, item)).Where(l => l.label is not null).ToDictionary(l => l.label!.Sku, l => l.item);
        var examples = new List<SignalExample>();
        foreach (var page in people.Keys.Order().Chunk(Page))
        {
            foreach (var (customer, events, opinions) in await AllowedAsync(page, DateTimeOffset.FromUnixTimeSeconds(cut) - Reach, ct))
            {
                var (orders, ordered) = people[customer];
                var moment = MomentOf(ordered, events, bySku);
                var signals = new SignalsUntil(moment);
                foreach (var (item, time) in orders.SelectMany(o => o.Items.Select(item => (item, o.Time))))
                {
                    signals.Add(item, SignalKind.Purchase, time);
                }
                foreach (var happened in events)
                {
                    signals.Add(happened, bySku, items);
                }
                foreach (var (product, time) in opinions)
                {
                    signals.Add(items.GetValueOrDefault(product, -1), SignalKind.NotInterested, time);
                }
                var before = signals.All();
                var known = before.Select(s => s.Item).ToHashSet();
                var bought = orders.Where(o => o.Time > moment).SelectMany(o => o.Items).Distinct().Where(item => !known.Contains(item)).ToArray();
                if (before.Length > 0 && bought.Length > 0)
                {
                    examples.Add(new SignalExample(before, moment, bought));
                }
            }
        }
        return examples;
    }

    /// <summary>
    /// Right after the first look of the visit that ended with the order: what to offer then, without what is looked at afterwards, which would tell it. Where that one look was at all that was bought,
    /// right before it.
    /// </summary>
    private static long MomentOf(OrderOf order, List<ILogEvent> events, Dictionary<string, int> bySku)
    {
        var (first, moment) = (-1, order.Time);
        foreach (var told in events.OfType<ShopEventCollected>().OrderByDescending(e => e.OccurredAt))
        {
            var time = told.OccurredAt.ToUnixTimeSeconds();
            if (time <= order.Time && moment - time > ViewHistory.Pause)
            {
                break;
            }
            if (time <= order.Time && ProductSignal.CodeOf(told.Source.Properties.Root) is { } sku && bySku.TryGetValue(sku, out var item))
            {
                (first, moment) = (item, time);
            }
        }
        return order.Items.All(item => item == first) || moment == order.Time ? moment - 1 : moment;
    }

    private readonly record struct OrderOf(long Time, int[] Items);

    private static List<(int User, List<OrderOf> Orders)> OrdersFrom(PurchaseData data, long cut)
    {
        var (all, users) = (data.Interactions, new Dictionary<int, List<OrderOf>>());
        for (var order = 0; order < all.OrderCount; order++)
        {
            if (all.OrderUsers[order] is var user and >= 0 && all.Orders.RowLength(order) > 0)
            {
                (users.TryGetValue(user, out var orders) ? orders : users[user] = []).Add(new OrderOf(all.OrderTimes[order], all.Orders.Columns(order).ToArray()));
            }
        }
        users.Values.ToList().ForEach(orders => orders.Sort((a, b) => a.Time.CompareTo(b.Time)));
        return [.. users.Where(u => u.Value[^1].Time >= cut).Select(u => (u.Key, u.Value))];
    }

    private async Task<List<(Guid Customer, List<ILogEvent> Events, List<(Guid Product, long Time)> Opinions)>> AllowedAsync(IReadOnlyCollection<Guid> asked, DateTimeOffset since, CancellationToken ct)
    {
        var subjects = await customers.SubjectsOfAsync(asked, ct);
        var open = (await ViewHistory.AllowedAsync(gate, [.. subjects.SelectMany(s => s)], ct)).ToHashSet();
        var allowed = subjects.Where(customer => customer.All(open.Contains)).OrderBy(c => c.Key).ToList();
        var (told, said) = (new List<ILogEvent>(), new List<(Guid Subject, Guid Product, long Time)>());
        // A customer may be hundreds of subjects, one for each visit before they signed in.
        foreach (var page in allowed.SelectMany(c => c).Chunk(SubjectsPage))
        {
            await database.ReadAsync(async s =>
            {
                told.AddRange((await log.OfSubjectsAsync(s, page, [typeof(ShopEventCollected), typeof(ItemsReturned)], since, ct)).Select(d => d.Event));
                said.AddRange(await s.QueryAsync("select subject_id, product_id, said_at from recommendations_opinions where subject_id in @page and opinion = @unwanted",
                    new { page, unwanted = ProductOpinion.NotInterested }, r => (r.Guid(0), r.Guid(1), r.Time(2).ToUnixTimeSeconds()), ct));
            }, ct);
        }
        var (events, opinions) = (told.ToLookup(e => e.SubjectId), said.ToLookup(o => o.Subject, o => (o.Product, o.Time)));
        return [.. allowed.Select(c => (c.Key, c.SelectMany(s => events[s]).ToList(), c.SelectMany(s => opinions[s]).ToList()))];
    }
}

/// <summary>What a customer had done until a moment: of each product and kind the last time, unless it was taken back since or at the same moment. In whichever order it is told.</summary>
internal sealed class SignalsUntil(long moment)
{
    private readonly Dictionary<(int Item, SignalKind Kind), long> last = [], takenBack = [];

    /// <summary>A return counts where nothing of the product was kept.</summary>
    public Signal[] All() =>
        [.. last.Where(s => s.Value > takenBack.GetValueOrDefault(s.Key, long.MinValue)).Where(s => s.Key.Kind != SignalKind.Return || !last.ContainsKey((s.Key.Item, SignalKind.Purchase))).Select(s => new Signal(s.Key.Item, s.Key.Kind, s.Value)).OrderBy(s => s.Item).ThenBy(s => s.Kind)];

    /// <param name="item">Below 0 for a product that the model does not know.</param>
    public void Add(int item, SignalKind kind, long time) => Keep(last, item, kind, time);

    public void Add(ILogEvent happened, Dictionary<string, int> bySku, Dictionary<Guid, int> items)
    {
        var time = happened.OccurredAt.ToUnixTimeSeconds();
        switch (happened)
        {
            case ItemsReturned back when !ItemsReturned.Faults.Contains(back.Reason):
                foreach (var product in back.Products)
                {
                    Add(items.GetValueOrDefault(product.ProductId, -1), SignalKind.Return, time);
                }
                break;
            case ShopEventCollected told when time <= moment && ProductSignal.CodeOf(told.Source.Properties.Root) is { } sku && bySku.TryGetValue(sku, out var item):
                foreach (var (kind, given) in ProductSignal.ChangesOf(told))
                {
                    Keep(given ? last : takenBack, item, SignalKinds.Of(kind), time);
                }
                break;
        }
    }

    private void Keep(Dictionary<(int Item, SignalKind Kind), long> times, int item, SignalKind kind, long time)
    {
        if (item >= 0 && time <= moment)
        {
            times[(item, kind)] = Math.Max(time, times.GetValueOrDefault((item, kind), long.MinValue));
        }
    }
}

/// <summary>What Commerce keeps, as the recommenders weigh it.</summary>
internal static class SignalKinds
{
    public static SignalKind Of(InterestKind kind) => kind switch
    {
        InterestKind.View => SignalKind.View,
        InterestKind.LongView => SignalKind.LongView,
        InterestKind.Cart => SignalKind.Cart,
        InterestKind.WishList => SignalKind.WishList,
        InterestKind.HighRating => SignalKind.HighRating,
        _ => SignalKind.LowRating,
    };
}
