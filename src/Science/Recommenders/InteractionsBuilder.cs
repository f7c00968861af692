namespace Wellmet.Science.Recommenders;

/// <summary>How purchases become weights.</summary>
/// <param name="HalfLifeDays">A purchase loses half its weight in this many days, counted back from the latest order.</param>
/// <param name="MaxItemsPerUser">Only this many most recent distinct items of a user count: resellers say little about taste, and cost the square of their size.</param>
public sealed record InteractionsSettings(double HalfLifeDays = 180, int MaxItemsPerUser = 1000);

/// <summary>
/// Collects order lines and turns them into <see cref="Interactions"/>. The result does not depend on the order of the lines.
/// Several lines of one item in one order are added up; where nothing is left of them, the item was not bought.
/// About 28 bytes per line while collecting.
/// </summary>
/// <param name="userCount">Number of customers; user indexes lie below it.</param>
/// <param name="itemCount">Number of products; item indexes lie below it.</param>
/// <param name="settings">How purchases become weights; null for the defaults.</param>
public sealed class InteractionsBuilder(int userCount, int itemCount, InteractionsSettings? settings = null)
{
    private readonly InteractionsSettings _settings = settings ?? new InteractionsSettings();
    private readonly List<Purchase> _lines = [];
    private readonly List<int> _orderUsers = [];

    /// <summary>Marks an order index of which no line has been seen.</summary>
    private const int Unseen = -2;

    /// <summary>Builds from a stream in one call.</summary>
    /// <exception cref="ArgumentException">A line is not valid; see <see cref="Add"/>.</exception>
    public static Interactions Build(IEnumerable<Purchase> purchases, int userCount, int itemCount, InteractionsSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(purchases);
        var builder = new InteractionsBuilder(userCount, itemCount, settings);
        foreach (var purchase in purchases)
        {
            builder.Add(purchase);
        }

        return builder.Build();
    }

    /// <summary>Adds one order line.</summary>
    /// <exception cref="ArgumentException">An index is out of range, the quantity is zero or not a number, or the order already belongs to another user.</exception>
    public void Add(Purchase line)
    {
        if (line.User < Purchase.Anonymous || line.User >= userCount)
        {
            throw new ArgumentException($"User {line.User} is outside 0 to {userCount - 1}.", nameof(line));
        }

        if (line.Item < 0 || line.Item >= itemCount)
        {
            throw new ArgumentException($"Item {line.Item} is outside 0 to {itemCount - 1}.", nameof(line));
        }

        if (line.Order < 0 || line.Order == int.MaxValue)
        {
            throw new ArgumentException($"Order {line.Order} is not a valid index.", nameof(line));
        }

        if (!float.IsFinite(line.Quantity) || line.Quantity == 0)
        {
            throw new ArgumentException($"Quantity {line.Quantity} of item {line.Item} in order {line.Order} is not a number other than 0.", nameof(line));
        }

        ClaimOrder(line);
        _lines.Add(line);
    }

    /// <summary>Makes the immutable result; the builder may be added to and built again.</summary>
    /// <exception cref="InvalidOperationException">An order index below the highest one has no line.</exception>
    public Interactions Build()
    {
        var lines = _lines.ToArray();
        Array.Sort(lines, CompareByOrderItemTime);
        var users = _orderUsers.ToArray();
        if (Array.IndexOf(users, Unseen) is var gap and >= 0)
        {
            throw new InvalidOperationException($"Order {gap} has no line; order indexes must be dense.");
        }

        var orders = BuildOrders(lines, users.Length, out var times);
        return new Interactions(BuildUsers(orders, users, times), orders, users, times);
    }

    private void ClaimOrder(Purchase line)
    {
        while (_orderUsers.Count <= line.Order)
        {
            _orderUsers.Add(Unseen);
        }

        var owner = _orderUsers[line.Order];
        if (owner != Unseen && owner != line.User)
        {
            throw new ArgumentException($"Order {line.Order} belongs to user {owner}, not to user {line.User}.", nameof(line));
        }

        _orderUsers[line.Order] = line.User;
    }

    private static int CompareByOrderItemTime(Purchase a, Purchase b)
    {
        var byOrder = a.Order.CompareTo(b.Order);
        var byItem = byOrder != 0 ? byOrder : a.Item.CompareTo(b.Item);
        var byTime = byItem != 0 ? byItem : a.Time.CompareTo(b.Time);
        return byTime != 0 ? byTime : a.Quantity.CompareTo(b.Quantity);
    }

    private SparseMatrix BuildOrders(Purchase[] lines, int orderCount, out long[] times)
    {
        var offsets = new int[orderCount + 1];
        var items = new List<int>(lines.Length);
        var pieces = new List<float>(lines.Length);
        times = new long[orderCount];
        for (int from = 0, to; from < lines.Length; from = to)
        {
            var (order, item) = (lines[from].Order, lines[from].Item);
            var kept = 0.0;
            for (to = from; to < lines.Length && lines[to].Order == order && lines[to].Item == item; to++)
            {
                kept += lines[to].Quantity;
            }

            var isFirstItem = from == 0 || lines[from - 1].Order != order;
            times[order] = isFirstItem ? lines[from].Time : Math.Min(times[order], lines[from].Time);
            if (kept > 0)
            {
                offsets[order + 1]++;
                items.Add(item);
                pieces.Add((float)kept);
            }
        }

        RowOffsets.Accumulate(offsets);
        return new SparseMatrix(itemCount, offsets, [.. items], [.. pieces]);
    }

    private SparseMatrix BuildUsers(SparseMatrix orders, int[] orderUsers, long[] times)
    {
        var ordersByUser = GroupByUser(orderUsers, times);
        var latest = times.DefaultIfEmpty().Max();
        var offsets = new int[userCount + 1];
        var items = new List<int>(orders.Count);
        var weights = new List<float>(orders.Count);
        var recent = new List<(int Item, long Time)>();
        for (var user = 0; user < userCount; user++)
        {
            RecentItems(orders, ordersByUser[user], times, recent);
            offsets[user + 1] = recent.Count;
            foreach (var (item, time) in recent)
            {
                items.Add(item);
                weights.Add((float)Recency.Weight(time, latest, _settings.HalfLifeDays));
            }
        }

        RowOffsets.Accumulate(offsets);
        return new SparseMatrix(itemCount, offsets, [.. items], [.. weights]);
    }

    /// <summary>The orders of each user, latest first.</summary>
    private ILookup<int, int> GroupByUser(int[] orderUsers, long[] times) =>
        Enumerable.Range(0, orderUsers.Length)
            .Where(order => orderUsers[order] != Purchase.Anonymous)
            .OrderByDescending(order => times[order])
            .ThenBy(order => order)
            .ToLookup(order => orderUsers[order]);

    /// <summary>Fills <paramref name="recent"/> with the user's latest distinct items in ascending order, each with its latest time.</summary>
    private void RecentItems(SparseMatrix orders, IEnumerable<int> latestFirst, long[] times, List<(int Item, long Time)> recent)
    {
        recent.Clear();
        var seen = new HashSet<int>();
        foreach (var order in latestFirst)
        {
            foreach (var item in orders.Columns(order))
            {
                if (seen.Count < _settings.MaxItemsPerUser && seen.Add(item))
                {
                    recent.Add((item, times[order]));
                }
            }
        }

        recent.Sort();
    }
}
