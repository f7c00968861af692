namespace Wellmet.Science.Statistics;

/// <summary>The chi-square distribution.</summary>
public static class ChiSquareDistribution
{
    /// <summary>P(X > x): the p-value of a test of counts.</summary>
    /// <param name="degrees">Degrees of freedom, at least 1.</param>
    public static double UpperTail(double x, int degrees)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degrees, 1);
        return SpecialFunctions.GammaUpper(degrees / 2.0, x / 2);
    }
}
