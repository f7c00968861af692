namespace Wellmet.Science.Statistics;

/// <summary>
/// The beta distribution: what is believed of a share after <c>alpha - 1</c> successes and <c>beta - 1</c> failures.
/// Distribution function by the continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8, evaluated by Lentz's method).
/// </summary>
/// <param name="Alpha">Above 0.</param>
/// <param name="Beta">Above 0.</param>
public readonly record struct BetaDistribution(double Alpha, double Beta)
{
    private const double Tiny = 1e-300, Precision = 1e-15;
    private const int MostTerms = 10_000, MostHalvings = 200;

    /// <summary>What is believed of a share after trials, from a prior.</summary>
    /// <param name="successes">0 to <paramref name="trials"/>; fractions are allowed.</param>
    /// <param name="trials">Number of trials.</param>
    public BetaDistribution After(double successes, double trials) => new(Alpha + successes, Beta + trials - successes);

    /// <summary>The expectation.</summary>
    public double Mean => Alpha / (Alpha + Beta);

    /// <summary>P(X ≤ <paramref name="x"/>).</summary>
    public double Cumulative(double x)
    {
        if (x <= 0 || x >= 1)
        {
            return x <= 0 ? 0 : 1;
        }

        // The fraction converges fast only below the mean; above it the distribution is read from the other end.
        return x < (Alpha + 1) / (Alpha + Beta + 2) ? Tail(x) : 1 - new BetaDistribution(Beta, Alpha).Tail(1 - x);
    }

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

    private double Tail(double x)
    {
        var logFront = LogGamma.Of(Alpha + Beta) - LogGamma.Of(Alpha) - LogGamma.Of(Beta) + (Alpha * Math.Log(x)) + (Beta * Math.Log(1 - x));
        return Math.Exp(logFront) / (Alpha * Fraction(x));
    }

    /// <summary>1 + d1 / (1 + d2 / (1 + …)).</summary>
    private double Fraction(double x)
    {
        var (fraction, upper, lower) = (1.0, 1.0, 0.0);
        for (var term = 1; term < MostTerms; term++)
        {
            var m = term / 2;
            var d = term % 2 == 0
                ? m * (Beta - m) * x / ((Alpha + term - 1) * (Alpha + term))
                : -(Alpha + m) * (Alpha + Beta + m) * x / ((Alpha + term - 1) * (Alpha + term));
            lower = 1 / NotZero(1 + (d * lower));
            upper = NotZero(1 + (d / upper));
            fraction *= upper * lower;
            if (Math.Abs((upper * lower) - 1) < Precision)
            {
                break;
            }
        }

        return fraction;
    }

    private static double NotZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;
}
