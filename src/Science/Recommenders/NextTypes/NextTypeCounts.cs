using Wellmet.Science.Products;

namespace Wellmet.Science.Recommenders.NextTypes;

/// <summary>What sold until a moment, and which type came after which in the next order.</summary>
internal sealed class NextTypeCounts(ItemTypes types, double halfLifeDays)
{
    /// <summary>A type that has products can be bought, though nobody has.</summary>
    private const double Unsold = 0.5;

    private readonly double[] _sold = new double[types.TypeCount];
    private readonly Dictionary<(int From, int To), int> _next = [];
    private readonly HashSet<int> _owned = [];

    /// <summary>Adds one customer's lines, earliest first, as far as they are before the moment.</summary>
    public void Add(ReadOnlySpan<PastPurchase> history, long until)
    {
        int[] last = [];
        _owned.Clear();
        foreach (var (from, to) in Orders.Of(history))
        {
            if (history[from].Time >= until)
            {
                return;
            }

            var now = Orders.TypesIn(history[from..to], types);
            foreach (var type in now)
            {
                _sold[type] += _owned.Add(type) ? Recency.Weight(history[from].Time, until, halfLifeDays) : 0;
                foreach (var before in last)
                {
                    _next[(before, type)] = _next.GetValueOrDefault((before, type)) + 1;
                }
            }

            last = now;
        }
    }

    /// <summary>
    /// Share of each type in what customers bought of late for the first time; 0 for a type without products. What they come back for is the clocks'
    /// affair, and would make everybody else seem to want it.
    /// </summary>
    public double[] Shares()
    {
        var hasItems = new bool[types.TypeCount];
        for (var item = 0; item < types.ItemCount; item++)
        {
            if (types.Of(item) is var type and not TypeTree.None)
            {
                hasItems[type] = true;
            }
        }

        var counts = _sold.Select((sold, type) => hasItems[type] ? sold + Unsold : 0).ToArray();
        var sum = counts.Sum();
        return sum == 0 ? counts : Array.ConvertAll(counts, count => count / sum);
    }

    /// <summary>Types × types: how often the column's type was in the order after one with the row's type.</summary>
    public SparseMatrix Transitions()
    {
        var sorted = _next.OrderBy(pair => pair.Key).ToArray();
        var offsets = RowOffsets.Count(Array.ConvertAll(sorted, pair => pair.Key.From), types.TypeCount);
        return new SparseMatrix(types.TypeCount, offsets, Array.ConvertAll(sorted, pair => pair.Key.To), Array.ConvertAll(sorted, pair => (float)pair.Value));
    }
}

/// <summary>Reads a history order by order.</summary>
internal static class Orders
{
    /// <summary>The place of the first line of each order and of the first behind it.</summary>
    public static List<(int From, int To)> Of(ReadOnlySpan<PastPurchase> history)
    {
        var orders = new List<(int, int)>();
        for (int from = 0, to; from < history.Length; from = to)
        {
            for (to = from; to < history.Length && history[to].Order == history[from].Order; to++)
            {
            }

            orders.Add((from, to));
        }

        return orders;
    }

    /// <summary>The distinct types of an order, ascending.</summary>
    public static int[] TypesIn(ReadOnlySpan<PastPurchase> lines, ItemTypes types)
    {
        var found = new SortedSet<int>();
        foreach (ref readonly var line in lines)
        {
            if (types.Of(line.Item) is var type and not TypeTree.None)
            {
                found.Add(type);
            }
        }

        return [.. found];
    }
}
