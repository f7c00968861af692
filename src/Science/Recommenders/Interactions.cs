namespace Wellmet.Science.Recommenders;

/// <summary>
/// What was bought, in the two shapes that the recommenders learn from: users × items with weights, and orders × items with times.
/// Immutable; made by <see cref="InteractionsBuilder"/>. Reading is safe from any number of threads.
/// </summary>
public sealed class Interactions
{
    private readonly int[] _orderUsers;
    private readonly long[] _orderTimes;

    internal Interactions(SparseMatrix users, SparseMatrix orders, int[] orderUsers, long[] orderTimes)
    {
        (Users, Orders, _orderUsers, _orderTimes) = (users, orders, orderUsers, orderTimes);
        Items = users.Transpose();
        (EarliestTime, LatestTime) = orderTimes.Length == 0 ? (0, 0) : (orderTimes.Min(), orderTimes.Max());
    }

    /// <summary>
    /// Users × items: each distinct item of a user once; the value is the <see cref="Recency"/> of its latest purchase, in (0, 1].
    /// </summary>
    public SparseMatrix Users { get; }

    /// <summary>Items × users: the transpose of <see cref="Users"/>.</summary>
    public SparseMatrix Items { get; }

    /// <summary>Orders × items: each distinct item of an order once; the value is the pieces kept (bought less cancelled), above 0.</summary>
    public SparseMatrix Orders { get; }

    /// <summary>The user of each order, or <see cref="Purchase.Anonymous"/>. Length <see cref="OrderCount"/>.</summary>
    public ReadOnlySpan<int> OrderUsers => _orderUsers;

    /// <summary>The time of each order's first line, seconds since 1970-01-01 UTC. Length <see cref="OrderCount"/>.</summary>
    public ReadOnlySpan<long> OrderTimes => _orderTimes;

    /// <summary>Time of the first order; 0 without orders.</summary>
    public long EarliestTime { get; }

    /// <summary>Time of the last order, which recency counts back from; 0 without orders.</summary>
    public long LatestTime { get; }

    /// <summary>Only the orders of some times; the same users and items.</summary>
    internal Interactions OfTimes(Func<long, bool> isWanted)
    {
        var builder = new InteractionsBuilder(UserCount, ItemCount);
        var index = 0;
        for (var order = 0; order < OrderCount; order++)
        {
            var items = Orders.Columns(order);
            if (items.IsEmpty || !isWanted(_orderTimes[order]))
            {
                continue;
            }

            for (var at = 0; at < items.Length; at++)
            {
                builder.Add(new Purchase(_orderUsers[order], index, items[at], _orderTimes[order], Orders.Values(order)[at]));
            }

            index++;
        }

        return builder.Build();
    }

    /// <summary>Number of customers, with and without purchases.</summary>
    public int UserCount => Users.RowCount;

    /// <summary>Number of products, with and without sales.</summary>
    public int ItemCount => Users.ColumnCount;

    /// <summary>Number of orders.</summary>
    public int OrderCount => Orders.RowCount;
}
