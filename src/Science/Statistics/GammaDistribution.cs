namespace Wellmet.Science.Statistics;

/// <summary>
/// The gamma distribution: what is believed of a rate after <c>shape</c> events in <c>rate</c> units of exposure (the conjugate of the Poisson
/// distribution). Distribution function by the series and the continued fraction of the incomplete gamma function (Abramowitz and Stegun 6.5.29, 6.5.31).
/// </summary>
/// <param name="Shape">Above 0.</param>
/// <param name="Rate">Above 0; the mean is shape / rate.</param>
public readonly record struct GammaDistribution(double Shape, double Rate)
{
    private const double Tiny = 1e-300, Precision = 1e-14;
    private const int MostTerms = 100_000, MostHalvings = 200;

    /// <summary>The expectation.</summary>
    public double Mean => Shape / Rate;

    /// <summary>P(X ≤ <paramref name="x"/>).</summary>
    public double Cumulative(double x)
    {
        var scaled = x * Rate;
        if (scaled <= 0)
        {
            return 0;
        }

        var front = Math.Exp((Shape * Math.Log(scaled)) - scaled - LogGamma.Of(Shape));
        return scaled < Shape + 1 ? front * Series(scaled) : 1 - (front * Fraction(scaled));
    }

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

    private double Series(double x)
    {
        var term = 1 / Shape;
        var sum = term;
        for (var n = 1; n < MostTerms && term > sum * Precision; n++)
        {
            term *= x / (Shape + n);
            sum += term;
        }

        return sum;
    }

    /// <summary>Lentz's method.</summary>
    private double Fraction(double x)
    {
        var b = x + 1 - Shape;
        var (c, d) = (1 / Tiny, 1 / NotZero(b));
        var fraction = d;
        for (var n = 1; n < MostTerms; n++)
        {
            var a = -n * (n - Shape);
            b += 2;
            d = 1 / NotZero((a * d) + b);
            c = NotZero(b + (a / c));
            fraction *= c * d;
            if (Math.Abs((c * d) - 1) < Precision)
            {
                break;
            }
        }

        return fraction;
    }

    private static double NotZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;
}
