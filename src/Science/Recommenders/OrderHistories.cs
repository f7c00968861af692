namespace Wellmet.Science.Recommenders;

/// <summary>What each known customer bought, read back from the orders, one customer after the other. Memory: 8 bytes per order.</summary>
public static class OrderHistories
{
    /// <summary>One history per customer with an order: earliest first, the lines of an order together.</summary>
    public static IEnumerable<PastPurchase[]> Of(Interactions interactions)
    {
        ArgumentNullException.ThrowIfNull(interactions);
        var orders = Enumerable.Range(0, interactions.OrderCount).Where(order => interactions.OrderUsers[order] != Purchase.Anonymous).ToArray();
        Array.Sort(orders, (a, b) => (interactions.OrderUsers[a], interactions.OrderTimes[a], a).CompareTo((interactions.OrderUsers[b], interactions.OrderTimes[b], b)));
        var lines = new List<PastPurchase>();
        for (int from = 0, to; from < orders.Length; from = to)
        {
            lines.Clear();
            for (to = from; to < orders.Length && interactions.OrderUsers[orders[to]] == interactions.OrderUsers[orders[from]]; to++)
            {
                AddLines(interactions, orders[to], lines);
            }

            yield return [.. lines];
        }
    }

    private static void AddLines(Interactions interactions, int order, List<PastPurchase> lines)
    {
        var items = interactions.Orders.Columns(order);
        var pieces = interactions.Orders.Values(order);
        for (var at = 0; at < items.Length; at++)
        {
            lines.Add(new PastPurchase(order, items[at], interactions.OrderTimes[order], pieces[at]));
        }
    }
}
