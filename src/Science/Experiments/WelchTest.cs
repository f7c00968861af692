using Wellmet.Science.Statistics;

namespace Wellmet.Science.Experiments;

/// <summary>An interval that holds the true value with the confidence it was asked for.</summary>
public readonly record struct Interval(double Low, double High)
{
    public static readonly Interval Unknown = new(double.NegativeInfinity, double.PositiveInfinity);

    public bool Holds(double value) => value >= Low && value <= High;
}

/// <summary>
/// The difference of two means where variances differ (Welch, "The generalization of Student's problem when several different population variances
/// are involved", Biometrika 34, 1947). Right once, at a size fixed before: looked at again and again it alarms far too often; see <see cref="AlwaysValidTest"/>.
/// </summary>
/// <param name="Difference">Treatment minus control.</param>
/// <param name="DegreesOfFreedom">By Satterthwaite's formula.</param>
/// <param name="PValue">Two-sided; 1 where a variant has fewer than two units.</param>
public readonly record struct WelchTest(double Difference, double DegreesOfFreedom, double PValue, Interval Interval)
{
    /// <param name="confidence">Of the interval, in (0, 1).</param>
    public static WelchTest Compare(MeanEstimate control, MeanEstimate treatment, double confidence = 0.95)
    {
        var difference = treatment.Mean - control.Mean;
        if (control.Count < 2 || treatment.Count < 2)
        {
            return new WelchTest(difference, 0, 1, Interval.Unknown);
        }
        double a = control.VarianceOfMean, b = treatment.VarianceOfMean, variance = a + b;
        if (variance == 0)
        {
            return new WelchTest(difference, control.Count + treatment.Count - 2, difference == 0 ? 1 : 0, new Interval(difference, difference));
        }
        var degrees = variance * variance / (a * a / (control.Count - 1) + b * b / (treatment.Count - 1));
        var half = StudentDistribution.TwoSidedQuantile(1 - confidence, degrees) * Math.Sqrt(variance);
        return new WelchTest(difference, degrees, StudentDistribution.TwoSided(difference / Math.Sqrt(variance), degrees), new Interval(difference - half, difference + half));
    }
}
