namespace Wellmet.Science.Statistics;

/// <summary>The standard normal distribution: mean 0, standard deviation 1.</summary>
public static class NormalDistribution
{
    /// <summary>P(Z &lt; z).</summary>
    public static double Cdf(double z) => z > 0 ? 1 - UpperTail(z) : UpperTail(-z);

    /// <summary>P(Z > z), exact also far out where <c>1 - Cdf</c> would be 0.</summary>
    public static double UpperTail(double z) => z >= 0
        ? 0.5 * SpecialFunctions.GammaUpper(0.5, z * z / 2)
        : 1 - 0.5 * SpecialFunctions.GammaUpper(0.5, z * z / 2);

    /// <summary>P(|Z| > |z|): the p-value of a two-sided test.</summary>
    public static double TwoSided(double z) => double.IsNaN(z) ? 1 : 2 * UpperTail(Math.Abs(z));

    /// <summary>The z with P(Z &lt; z) = <paramref name="p"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="p"/> is not within (0, 1).</exception>
    public static double Quantile(double p)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(p, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(p, 1);
        return p > 0.5 ? UpperQuantile(1 - p) : -UpperQuantile(p);
    }

    /// <summary>The z ≥ 0 with P(Z > z) = tail: the rational start of Abramowitz and Stegun 26.2.23, then Newton's steps.</summary>
    private static double UpperQuantile(double tail)
    {
        var t = Math.Sqrt(-2 * Math.Log(tail));
        var z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
        for (var step = 0; step < 4; step++)
        {
            z += (UpperTail(z) - tail) / (Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI));
        }
        return z;
    }
}
