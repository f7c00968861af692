namespace Wellmet.Science.Statistics;

/// <summary>
/// The beta distribution: what is believed of a share after <c>alpha - 1</c> successes and <c>beta - 1</c> failures.
/// </summary>
/// <param name="Alpha">Above 0.</param>
/// <param name="Beta">Above 0.</param>
public readonly record struct BetaDistribution(double Alpha, double Beta)
{
    private const double Precision = 1e-15;
    private const int MostHalvings = 200;

    /// <summary>What is believed of a share after trials, from a prior.</summary>
    /// <param name="successes">0 to <paramref name="trials"/>; fractions are allowed.</param>
    /// <param name="trials">Number of trials.</param>
    public BetaDistribution After(double successes, double trials) => new(Alpha + successes, Beta + trials - successes);

    /// <summary>The expectation.</summary>
    public double Mean => Alpha / (Alpha + Beta);

    /// <summary>P(X ≤ <paramref name="x"/>).</summary>
    public double Cumulative(double x) => SpecialFunctions.Beta(Alpha, Beta, x);

    /// <summary>The x with P(X ≤ x) = <paramref name="probability"/>, by halving; exact to the last bits.</summary>
    /// <param name="probability">In (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is outside (0, 1).</exception>
    public double Quantile(double probability)
    {
        Probability.Demand(probability);
        var (low, high) = (0.0, 1.0);
        for (var halving = 0; halving < MostHalvings && high - low > Precision * high; halving++)
        {
            var middle = (low + high) / 2;
            (low, high) = Cumulative(middle) < probability ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }
}
