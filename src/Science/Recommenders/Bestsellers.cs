namespace Wellmet.Science.Recommenders;

/// <summary>What sells now.</summary>
/// <param name="HalfLifeDays">An order counts half after this many days, counted back from the latest order.</param>
public sealed record BestsellersSettings(double HalfLifeDays = 14);

/// <summary>All items, the one in most orders first, recent orders counting more. Pieces do not count: one bulk order is no bestseller.</summary>
public sealed class Bestsellers
{
    private readonly Neighbour[] _ranking;

    internal Bestsellers(Neighbour[] ranking) => _ranking = ranking;

    /// <summary>Every item once, best first; the score is the recency-weighted number of orders, 0 for an item that nobody bought.</summary>
    public ReadOnlySpan<Neighbour> Ranking => _ranking;

    /// <summary>Counts the orders, those of unknown customers included.</summary>
    public static Bestsellers Train(Interactions interactions, BestsellersSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(interactions);
        var orders = Trend.OrdersPerItem(interactions, (settings ?? new BestsellersSettings()).HalfLifeDays);
        var ranking = new BoundedRanking(orders.Length);
        for (var item = 0; item < orders.Length; item++)
        {
            ranking.Offer(new Neighbour(item, (float)orders[item]));
        }

        return new Bestsellers(ranking.Take());
    }
}
