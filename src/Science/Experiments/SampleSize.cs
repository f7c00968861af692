using Wellmet.Science.Statistics;

namespace Wellmet.Science.Experiments;

/// <summary>
/// How many units a comparison of two equally large variants needs, by the normal approximation (two-sided): n = (z₁₋α⁄₂ + z_power)² (σ₁² + σ₂²) / δ².
/// </summary>
public static class SampleSize
{
    /// <summary>Units per variant to find a difference of two means.</summary>
    /// <param name="standardDeviation">Between units.</param>
    /// <param name="difference">The smallest worth finding, not 0.</param>
    /// <param name="alpha">Probability of an alarm where there is no difference.</param>
    /// <param name="power">Probability to find the difference where it is there.</param>
    public static long ForMeans(double standardDeviation, double difference, double alpha = 0.05, double power = 0.8) =>
        Needed(2 * standardDeviation * standardDeviation, difference, alpha, power);

    /// <summary>Units per variant to find that a rate differs.</summary>
    /// <param name="baseline">The rate of the control.</param>
    /// <param name="treatment">The rate of the treatment.</param>
    /// <inheritdoc cref="ForMeans" path="/param"/>
    public static long ForProportions(double baseline, double treatment, double alpha = 0.05, double power = 0.8) =>
        Needed(baseline * (1 - baseline) + treatment * (1 - treatment), treatment - baseline, alpha, power);

    /// <summary>The probability to find a difference whose estimate has this variance.</summary>
    /// <param name="difference">The true one.</param>
    /// <param name="variance">The sum of the two means' variances.</param>
    public static double Power(double difference, double variance, double alpha = 0.05)
    {
        if (!(variance > 0) || double.IsInfinity(variance))
        {
            return variance == 0 && difference != 0 ? 1 : alpha;
        }
        double z = NormalDistribution.Quantile(1 - alpha / 2), shift = Math.Abs(difference) / Math.Sqrt(variance);
        return NormalDistribution.UpperTail(z - shift) + NormalDistribution.UpperTail(z + shift);
    }

    private static long Needed(double variances, double difference, double alpha, double power)
    {
        ArgumentOutOfRangeException.ThrowIfZero(difference);
        var z = NormalDistribution.Quantile(1 - alpha / 2) + NormalDistribution.Quantile(power);
        return (long)Math.Ceiling(Math.Min(long.MaxValue / 2, z * z * variances / (difference * difference)));
    }
}
