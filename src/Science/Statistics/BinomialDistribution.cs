namespace Wellmet.Science.Statistics;

/// <summary>The number of successes in independent trials.</summary>
public static class BinomialDistribution
{
    /// <summary>P(X ≥ k) for n trials with the probability p.</summary>
    public static double UpperTail(long k, long n, double p) => k <= 0 ? 1 : k > n ? 0 : SpecialFunctions.Beta(k, n - k + 1, p);

    /// <summary>The exact p-value of the sign test: n trials of probability ½ come out at least as uneven as this. 1 without trials.</summary>
    public static double SignTest(long wins, long losses)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(wins);
        ArgumentOutOfRangeException.ThrowIfNegative(losses);
        return Math.Min(1, 2 * UpperTail(Math.Max(wins, losses), wins + losses, 0.5));
    }
}
