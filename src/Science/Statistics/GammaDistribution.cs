namespace Wellmet.Science.Statistics;

/// <summary>
/// The gamma distribution: what is believed of a rate after <c>shape</c> events in <c>rate</c> units of exposure (the conjugate of the Poisson
/// distribution).
/// </summary>
/// <param name="Shape">Above 0.</param>
/// <param name="Rate">Above 0; the mean is shape / rate.</param>
public readonly record struct GammaDistribution(double Shape, double Rate)
{
    private const double Precision = 1e-14;
    private const int MostHalvings = 200;

    /// <summary>The expectation.</summary>
    public double Mean => Shape / Rate;

    /// <summary>P(X ≤ <paramref name="x"/>).</summary>
    public double Cumulative(double x) => SpecialFunctions.GammaLower(Shape, x * Rate);

    /// <summary>The x with P(X ≤ x) = <paramref name="probability"/>, by halving.</summary>
    /// <param name="probability">In (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is outside (0, 1).</exception>
    public double Quantile(double probability)
    {
        Probability.Demand(probability);
        var (low, high) = (0.0, Math.Max(Mean, 1 / Rate));
        while (Cumulative(high) < probability)
        {
            (low, high) = (high, 2 * high);
        }

        for (var halving = 0; halving < MostHalvings && high - low > Precision * high; halving++)
        {
            var middle = (low + high) / 2;
            (low, high) = Cumulative(middle) < probability ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }
}
