using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Science.Recommenders;

namespace Wellmet.Recommendations.Models;

/// <summary>Orders, what was added to them and what was taken off, under dense indexes as the recommenders want them.</summary>
internal sealed class PurchaseLines
{
    private readonly List<Guid> products = [];
    private readonly Dictionary<Guid, int> items = [];
    private readonly Dictionary<Guid, int> orders = [];
    private readonly List<Order> byIndex = [];
    private readonly List<Line> lines = [];
    private readonly HashSet<Guid> forgotten = [];

    /// <summary>The product of each item.</summary>
    public Guid[] Products => [.. products];

    /// <summary>Known people who ordered.</summary>
    public IReadOnlyCollection<Guid> Subjects() => byIndex.Where(IsKnown).Select(o => o.Subject).ToHashSet();

    public int ItemOf(Guid product)
    {
        if (!items.TryGetValue(product, out var item))
        {
            items[product] = item = products.Count;
            products.Add(product);
        }
        return item;
    }

    /// <summary>Where each order went: ISO 3166 alpha-2 code; null where that is not known, or no country.</summary>
    public IReadOnlyList<string?> Countries => [.. byIndex.Select(o => CountryCode.Of(o.Country))];

    public void Add(OrderPlaced order) => AddLines(order.OrderId, new Order(order.SubjectId, order.Anonymous, order.OccurredAt.ToUnixTimeSeconds(), order.Country), order.Products);

    public void Add(OrderExtended more) => AddLines(more.OrderId, new Order(more.SubjectId, more.Anonymous, more.OccurredAt.ToUnixTimeSeconds(), null), more.Products);

    /// <summary>Takes products off an order; where it is not known which order, nothing can be taken off.</summary>
    public void Subtract(Guid? orderId, IReadOnlyList<OrderedProduct> gone)
    {
        if (orderId is { } id && orders.TryGetValue(id, out var order))
        {
            lines.AddRange(gone.Where(p => p.Quantity != 0).Select(p => new Line(order, ItemOf(p.ProductId), -Math.Abs((float)p.Quantity))));
        }
    }

    /// <summary>The subject was erased: its orders are nobody's now.</summary>
    public void Forget(Guid subject) => forgotten.Add(subject);

    /// <param name="customers">The customer of each known subject: people who were merged are one.</param>
    /// <returns>And the customer of each user, ascending.</returns>
    public (Interactions Interactions, Guid[] Customers) Build(IReadOnlyDictionary<Guid, Guid> customers)
    {
        Guid[] byUser = [.. customers.Values.Distinct().Order()];
        var users = byUser.Select((customer, index) => (customer, index)).ToDictionary(u => u.customer, u => u.index);
        var builder = new InteractionsBuilder(users.Count, products.Count);
        foreach (var line in lines)
        {
            var order = byIndex[line.Order];
            var user = IsKnown(order) ? users[customers[order.Subject]] : Purchase.Anonymous;
            builder.Add(new Purchase(user, line.Order, line.Item, order.Time, line.Quantity));
        }
        return (builder.Build(), byUser);
    }

    private bool IsKnown(Order order) => !order.Anonymous && !forgotten.Contains(order.Subject);

    /// <summary>An order gets its index with its first line: one that sold no product is none here.</summary>
    private void AddLines(Guid orderId, Order order, IReadOnlyList<OrderedProduct> ordered)
    {
        foreach (var product in ordered.Where(p => p.Quantity != 0))
        {
            if (!orders.TryGetValue(orderId, out var index))
            {
                orders[orderId] = index = byIndex.Count;
                byIndex.Add(order);
            }
            lines.Add(new Line(index, ItemOf(product.ProductId), product.Quantity));
        }
    }

    private readonly record struct Order(Guid Subject, bool Anonymous, long Time, string? Country);

    private readonly record struct Line(int Order, int Item, float Quantity);
}
