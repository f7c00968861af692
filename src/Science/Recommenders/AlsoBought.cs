namespace Wellmet.Science.Recommenders;

/// <summary>What counts as also bought.</summary>
/// <param name="Neighbours">Related items kept per item.</param>
/// <param name="Shrinkage">Customers in common that count as nothing: pulls rare coincidences down.</param>
/// <param name="MinCustomers">Fewest customers who bought both.</param>
/// <param name="MinUnusualness">Fewest standard deviations above what chance would give.</param>
public sealed record AlsoBoughtSettings(int Neighbours = 100, float Shrinkage = 5, int MinCustomers = 3, double MinUnusualness = 3);

/// <summary>
/// "Customers who bought X also bought": shrunk cosine over customers, kept where the overlap is unusual and not merely frequent.
/// With N = customers of both: score = N / sqrt(n_x n_y) * N / (N + shrinkage), in [0, 1).
/// Unusual: (N - E) / sqrt(E) with E = Σ over customers c of X of 1 - (1 - P_y)^(other items of c), P_y = share of y in all purchases
/// (Smith and Linden, "Two Decades of Recommender Systems at Amazon.com", IEEE Internet Computing 2017).
/// </summary>
public static class AlsoBought
{
    /// <summary>Learns from the users × items matrix. Time: the sum of squared history lengths. Memory: one row per thread besides the result.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static Neighbours Train(Interactions interactions, AlsoBoughtSettings? settings = null, TrainingRun run = default)
    {
        ArgumentNullException.ThrowIfNull(interactions);
        settings ??= new AlsoBoughtSettings();
        var rows = new Neighbour[interactions.ItemCount][];
        ItemLoop.Run(
            interactions.ItemCount,
            run,
            () => new Scratch(new CoOccurrence(interactions.Users, interactions.Items, null), new BoundedRanking(settings.Neighbours)),
            (item, scratch) => rows[item] = Rank(item, interactions, settings, scratch));
        return Neighbours.FromRows(rows);
    }

    private static Neighbour[] Rank(int item, Interactions interactions, AlsoBoughtSettings settings, Scratch scratch)
    {
        var (row, best) = scratch;
        row.MoveTo(item);
        var customers = interactions.Items.RowLength(item);
        var otherPurchases = OtherPurchases(interactions, item);
        foreach (var other in row.Touched)
        {
            var both = row.Sums[other];
            if (other == item || both < settings.MinCustomers)
            {
                continue;
            }

            var otherCustomers = interactions.Items.RowLength(other);
            var cosine = both / MathF.Sqrt((float)customers * otherCustomers);
            var candidate = new Neighbour(other, cosine * both / (both + settings.Shrinkage));
            var share = (double)otherCustomers / interactions.Users.Count;
            if (best.Accepts(candidate) && IsUnusual(both, share, otherPurchases, interactions, item, settings.MinUnusualness))
            {
                best.Offer(candidate);
            }
        }

        return best.Take();
    }

    private static bool IsUnusual(double both, double share, long otherPurchases, Interactions interactions, int item, double threshold)
    {
        // 1 - (1 - p)^d is at most p d, and unusualness falls as the expectation grows: passing with the bound is passing.
        if (Unusualness(both, share * otherPurchases) >= threshold)
        {
            return true;
        }

        var log = Math.Log(1 - Math.Min(share, 1 - 1e-12));
        var expected = 0.0;
        foreach (var user in interactions.Items.Columns(item))
        {
            expected += 1 - Math.Exp((interactions.Users.RowLength(user) - 1) * log);
        }

        return Unusualness(both, expected) >= threshold;
    }

    private static double Unusualness(double both, double expected) => (both - expected) / Math.Sqrt(Math.Max(expected, 1e-12));

    private static long OtherPurchases(Interactions interactions, int item)
    {
        var sum = 0L;
        foreach (var user in interactions.Items.Columns(item))
        {
            sum += interactions.Users.RowLength(user) - 1;
        }

        return sum;
    }

    private sealed record Scratch(CoOccurrence Row, BoundedRanking Best);
}
