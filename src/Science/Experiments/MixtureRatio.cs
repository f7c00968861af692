namespace Wellmet.Science.Experiments;

/// <summary>
/// The ratio of <see cref="AlwaysValidTest"/>, with a normal mixture over the differences that may be:
/// Λ = √(V / (V + τ²)) · exp(τ² Δ² / (2 V (V + τ²))), where V is the variance of the estimated difference Δ, and τ² that of the differences thought likely.
/// </summary>
public static class MixtureRatio
{
    /// <summary>1/Λ, at most 1.</summary>
    /// <param name="variance">Of the difference, above 0.</param>
    public static double PValue(double difference, double variance, double mixing)
    {
        var both = variance + mixing;
        return Math.Min(1, Math.Exp(-(0.5 * Math.Log(variance / both) + mixing * difference * difference / (2 * variance * both))));
    }

    /// <summary>The distance from the estimate at which Λ reaches 1/α.</summary>
    public static double HalfWidth(double variance, double mixing, double alpha)
    {
        var both = variance + mixing;
        return Math.Sqrt(2 * variance * both / mixing * (0.5 * Math.Log(both / variance) - Math.Log(alpha)));
    }

    /// <summary>
    /// The τ² that makes intervals narrowest once the difference has the given variance, e.g. at the size that was planned for: V (w − 1), where w − ln w = 1 − 2 ln α
    /// (Howard, Ramdas, McAuliffe and Sekhon, "Time-uniform, nonparametric, nonasymptotic confidence sequences", Annals of Statistics 49, 2021).
    /// </summary>
    /// <param name="varianceThen">Above 0.</param>
    public static double Mixing(double varianceThen, double alpha = 0.05)
    {
        var start = 1 - 2 * Math.Log(alpha);
        var w = start;
        for (var step = 0; step < 30; step++)
        {
            w = start + Math.Log(w);
        }
        return varianceThen * (w - 1);
    }
}
