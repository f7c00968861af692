namespace Wellmet.Science.Statistics;

/// <summary>Student's t distribution.</summary>
public static class StudentDistribution
{
    /// <summary>P(|T| > |t|): the p-value of a two-sided test.</summary>
    /// <param name="degrees">Degrees of freedom, above 0, also between whole numbers.</param>
    public static double TwoSided(double t, double degrees) =>
        double.IsNaN(t) ? 1 : double.IsInfinity(t) ? 0 : SpecialFunctions.Beta(degrees / 2, 0.5, degrees / (degrees + t * t));

    /// <summary>The t ≥ 0 with P(|T| > t) = <paramref name="p"/>: half of the width of an interval with confidence 1 - p.</summary>
    /// <inheritdoc cref="TwoSided" path="/param"/>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="p"/> is not within (0, 1).</exception>
    public static double TwoSidedQuantile(double p, double degrees)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(p, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(p, 1);
        var (low, high) = (0.0, 1.0);
        while (TwoSided(high, degrees) > p)
        {
            (low, high) = (high, 2 * high);
        }
        // Halved until no number lies between.
        for (var middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2)
        {
            (low, high) = TwoSided(middle, degrees) > p ? (middle, high) : (low, middle);
        }
        return high;
    }
}
