namespace Wellmet.Science.Statistics;

/// <summary>The exact binomial test.</summary>
public static class BinomialTest
{
    /// <summary>P(X ≥ successes) where every trial succeeds with <paramref name="share"/>: small where so many successes are no chance.</summary>
    /// <param name="successes">0 to <paramref name="trials"/>.</param>
    /// <param name="trials">Number of trials.</param>
    /// <param name="share">The share under the hypothesis, in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">The counts do not fit together.</exception>
    public static double AtLeast(long successes, long trials, double share = 0.5)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        Probability.Demand(share);
        // P(X ≥ k) of n trials is the distribution function of Beta(k, n - k + 1) at the share.
        return successes == 0 ? 1 : new BetaDistribution(successes, trials - successes + 1).Cumulative(share);
    }
}
