using Wellmet.Science.Statistics;

namespace Wellmet.Science.Experiments;

/// <summary>Whether variants got the shares that were meant for them.</summary>
/// <param name="ChiSquare">The statistic.</param>
/// <param name="PValue">How likely an honest division is at least that uneven.</param>
public readonly record struct SampleRatio(double ChiSquare, double PValue)
{
    /// <summary>Below this, something is broken (lost exposures, robots, a redirect): the figures say nothing until it is found.</summary>
    public const double AlarmBelow = 0.001;

    public bool IsMismatch => PValue < AlarmBelow;

    /// <summary>
    /// Pearson's chi-square test of counts against weights (sample ratio mismatch: Fabijan et al., "Diagnosing sample ratio mismatch in online controlled
    /// experiments", KDD 2019). A variant of weight 0 that got units is a mismatch.
    /// </summary>
    /// <param name="counts">Units of each variant.</param>
    /// <param name="weights">Of the same variants.</param>
    public static SampleRatio Test(IReadOnlyList<long> counts, IReadOnlyList<double> weights)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(weights);
        double total = counts.Sum(), weight = weights.Sum();
        var variants = weights.Count(w => w > 0);
        if (counts.Where((c, i) => c > 0 && !(weights[i] > 0)).Any())
        {
            return new SampleRatio(double.PositiveInfinity, 0);
        }
        if (total == 0 || variants < 2)
        {
            return new SampleRatio(0, 1);
        }
        var chi = counts.Select((count, i) => weights[i] > 0 ? Square(count - total * weights[i] / weight) / (total * weights[i] / weight) : 0).Sum();
        return new SampleRatio(chi, ChiSquareDistribution.UpperTail(chi, variants - 1));
    }

    private static double Square(double x) => x * x;
}
