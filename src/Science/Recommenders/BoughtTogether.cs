namespace Wellmet.Science.Recommenders;

/// <summary>What counts as bought together.</summary>
public sealed record BoughtTogetherSettings
{
    /// <summary>Companions kept per item.</summary>
    public int Neighbours { get; init; } = 20;

    /// <summary>Orders of prior belief that the companion sells as it does everywhere.</summary>
    public float Shrinkage { get; init; } = 5;

    /// <summary>Fewest orders with both.</summary>
    public int MinOrders { get; init; } = 3;

    /// <summary>How many times as often together as chance would give, at least.</summary>
    public double MinLift { get; init; } = 2;

    /// <summary>Least evidence; 10.8 is p &lt; .001 for one degree of freedom.</summary>
    public double MinLogLikelihoodRatio { get; init; } = 10.8;

    /// <summary>Larger orders are restocking, and say nothing about what belongs together.</summary>
    public int MaxItemsPerOrder { get; init; } = 100;
}

/// <summary>
/// "Frequently bought together": items of the same order, directed. Score = shrunk confidence (N_xy + s p_y) / (N_x + s) in [0, 1],
/// kept where lift N_xy N / (N_x N_y) and Dunning's log-likelihood ratio ("Accurate methods for the statistics of surprise and
/// coincidence", Computational Linguistics 1993) are high enough. Orders of unknown customers count as well.
/// </summary>
public static class BoughtTogether
{
    /// <summary>Learns from the orders × items matrix. Time: the sum of squared order sizes. Memory: a copy of the orders and one row per thread.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static Neighbours Train(Interactions interactions, BoughtTogetherSettings? settings = null, TrainingRun run = default)
    {
        ArgumentNullException.ThrowIfNull(interactions);
        settings ??= new BoughtTogetherSettings();
        var orders = WithoutOrdersAbove(settings.MaxItemsPerOrder, interactions.Orders, out var orderCount);
        var items = orders.Transpose();
        var rows = new Neighbour[items.RowCount][];
        ItemLoop.Run(
            items.RowCount,
            run,
            () => new Scratch(new CoOccurrence(orders, items, null), new BoundedRanking(settings.Neighbours)),
            (item, scratch) => rows[item] = Rank(item, items, orderCount, settings, scratch));
        return Neighbours.FromRows(rows);
    }

    /// <summary>
    /// Dunning's G² of two items: 2 Σ observed ln(observed / expected) over the four cells "with and without x, with and without y".
    /// </summary>
    /// <param name="both">Orders with both items.</param>
    /// <param name="first">Orders with the first.</param>
    /// <param name="second">Orders with the second.</param>
    /// <param name="all">All orders.</param>
    public static double LogLikelihoodRatio(double both, double first, double second, double all) =>
        2 * (Cell(both, first * second / all)
            + Cell(first - both, first * (all - second) / all)
            + Cell(second - both, (all - first) * second / all)
            + Cell(all - first - second + both, (all - first) * (all - second) / all));

    private static double Cell(double observed, double expected) => observed <= 0 ? 0 : observed * Math.Log(observed / expected);

    private static Neighbour[] Rank(int item, SparseMatrix items, int orderCount, BoughtTogetherSettings settings, Scratch scratch)
    {
        var (row, best) = scratch;
        row.MoveTo(item);
        var orders = items.RowLength(item);
        foreach (var other in row.Touched)
        {
            var both = row.Sums[other];
            var otherOrders = items.RowLength(other);
            var lift = both * (double)orderCount / ((double)orders * otherOrders);
            if (other == item || both < settings.MinOrders || lift < settings.MinLift)
            {
                continue;
            }

            var prior = settings.Shrinkage * otherOrders / orderCount;
            var candidate = new Neighbour(other, (both + prior) / (orders + settings.Shrinkage));
            if (best.Accepts(candidate) && LogLikelihoodRatio(both, orders, otherOrders, orderCount) >= settings.MinLogLikelihoodRatio)
            {
                best.Offer(candidate);
            }
        }

        return best.Take();
    }

    private static SparseMatrix WithoutOrdersAbove(int maxItems, SparseMatrix orders, out int orderCount)
    {
        var offsets = new int[orders.RowCount + 1];
        var items = new List<int>(orders.Count);
        orderCount = 0;
        for (var order = 0; order < orders.RowCount; order++)
        {
            var size = orders.RowLength(order);
            if (size > 0 && size <= maxItems)
            {
                offsets[order + 1] = size;
                items.AddRange(orders.Columns(order));
                orderCount++;
            }
        }

        RowOffsets.Accumulate(offsets);
        return new SparseMatrix(orders.ColumnCount, offsets, [.. items], new float[items.Count]);
    }

    private sealed record Scratch(CoOccurrence Row, BoundedRanking Best);
}
