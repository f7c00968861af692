namespace Wellmet.Science.Statistics;

/// <summary>The logarithm of the gamma function.</summary>
internal static class LogGamma
{
    /// <summary>Coefficients of Lanczos' approximation for g = 7 and nine terms.</summary>
    private static readonly double[] Terms =
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
        12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];

    /// <summary>ln Γ(x) for x above 0; about 15 digits (Lanczos, "A precision approximation of the gamma function", SIAM J. Numer. Anal. 1964).</summary>
    public static double Of(double x)
    {
        if (x < 0.5)
        {
            return Math.Log(Math.PI / Math.Sin(Math.PI * x)) - Of(1 - x);
        }

        var sum = Terms[0];
        for (var term = 1; term < Terms.Length; term++)
        {
            sum += Terms[term] / (x - 1 + term);
        }

        var shifted = x + 6.5;
        return (0.5 * Math.Log(2 * Math.PI)) + ((x - 0.5) * Math.Log(shifted)) - shifted + Math.Log(sum);
    }
}
