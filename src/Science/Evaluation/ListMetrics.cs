namespace Wellmet.Science.Evaluation;

/// <summary>What one list is like, apart from whether it is right.</summary>
public static class ListMetrics
{
    /// <summary>
    /// Mean self-information -log2 p in bits (Zhou et al., "Solving the apparent diversity-accuracy dilemma", PNAS 2010), p being the share of customers
    /// who bought the item; an item nobody bought counts as one with half a buyer. 0 for an empty list.
    /// </summary>
    /// <param name="list">Item indexes.</param>
    /// <param name="buyers">Customers of each item.</param>
    /// <param name="customers">All customers.</param>
    public static double Novelty(ReadOnlySpan<int> list, ReadOnlySpan<int> buyers, int customers)
    {
        var sum = 0.0;
        foreach (var item in list)
        {
            sum -= Math.Log2(Math.Max(0.5, buyers[item]) / customers);
        }

        return list.IsEmpty ? 0 : sum / list.Length;
    }

    /// <summary>Share of the pairs in the list that are of different types, in [0, 1]; 1 for fewer than two items.</summary>
    /// <param name="types">The type of each listed item.</param>
    public static double TypeDiversity(ReadOnlySpan<int> types)
    {
        var different = 0;
        for (var at = 0; at < types.Length; at++)
        {
            foreach (var earlier in types[..at])
            {
                different += types[at] != earlier ? 1 : 0;
            }
        }

        return types.Length < 2 ? 1 : different / (types.Length * (types.Length - 1) / 2.0);
    }

    /// <summary>
    /// How far the list's mix of types is from the customer's: Kullback-Leibler divergence Σ p ln(p / q~) in nats with q~ = (1 - α) q + α p
    /// (Steck, "Calibrated recommendations", RecSys 2018). 0 for the same mix.
    /// </summary>
    /// <param name="wanted">p: share of each type in the customer's history; adds up to 1.</param>
    /// <param name="shown">q: share of each type in the list; adds up to 1.</param>
    /// <param name="smoothing">α in (0, 1).</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double CalibrationDivergence(ReadOnlySpan<double> wanted, ReadOnlySpan<double> shown, double smoothing = 0.01)
    {
        if (wanted.Length != shown.Length)
        {
            throw new ArgumentException($"{wanted.Length} types are wanted but {shown.Length} are shown.", nameof(shown));
        }

        var sum = 0.0;
        for (var type = 0; type < wanted.Length; type++)
        {
            var smoothed = ((1 - smoothing) * shown[type]) + (smoothing * wanted[type]);
            sum += wanted[type] > 0 ? wanted[type] * Math.Log(wanted[type] / smoothed) : 0;
        }

        return sum;
    }
}
