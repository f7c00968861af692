namespace Wellmet.Science.Statistics;

/// <summary>Draws from distributions with a state that the caller keeps; the same state gives the same numbers. Allocates nothing.</summary>
internal static class Draw
{
    private const double Resolution = 1.0 / (1UL << 53);

    /// <summary>In (0, 1).</summary>
    public static double Uniform(ref ulong state) => ((SeededRandom.NextBits(ref state) >> 11) + 0.5) * Resolution;

    /// <summary>Standard normal, by the method of Box and Muller (Annals of Mathematical Statistics 1958).</summary>
    public static double Normal(ref ulong state)
    {
        var radius = Math.Sqrt(-2 * Math.Log(Uniform(ref state)));
        return radius * Math.Cos(2 * Math.PI * Uniform(ref state));
    }

    /// <summary>Gamma with rate 1 (Marsaglia and Tsang, "A simple method for generating gamma variables", ACM TOMS 2000).</summary>
    /// <param name="shape">At least 1.</param>
    /// <param name="state">Moves on.</param>
    public static double Gamma(double shape, ref ulong state)
    {
        var d = shape - (1 / 3.0);
        while (true)
        {
            var normal = Normal(ref state);
            var root = 1 + (normal / Math.Sqrt(9 * d));
            var v = root * root * root;
            if (v > 0 && Math.Log(Uniform(ref state)) < (0.5 * normal * normal) + d - (d * v) + (d * Math.Log(v)))
            {
                return d * v;
            }
        }
    }

    /// <summary>Beta; both parameters at least 1.</summary>
    public static double Beta(BetaDistribution distribution, ref ulong state)
    {
        var first = Gamma(distribution.Alpha, ref state);
        return first / (first + Gamma(distribution.Beta, ref state));
    }
}
