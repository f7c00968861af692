namespace Wellmet.Science.Statistics;

/// <summary>
/// The functions behind the tails of distributions: incomplete gamma and beta integrals by series and continued fractions
/// (Abramowitz and Stegun, "Handbook of mathematical functions", 6.5.29, 6.5.31, 26.5.8; evaluated by Lentz's method, 1976). Exact to about 1e-13, relative.
/// </summary>
internal static class SpecialFunctions
{
    private const int MaxTerms = 100_000;
    private const double Epsilon = 1e-16, Tiny = 1e-300;

    /// <summary>ln Γ(x) for x > 0: Stirling's series, after stepping up to where it is exact.</summary>
    public static double LogGamma(double x)
    {
        var shift = 0.0;
        while (x < 15)
        {
            shift += Math.Log(x);
            x++;
        }
        var square = 1 / (x * x);
        var series = (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680 - square * (1.0 / 1188 - square * 691 / 360360))))) / x;
        return (x - 0.5) * Math.Log(x) - x + 0.5 * Math.Log(2 * Math.PI) + series - shift;
    }

    /// <summary>Q(a, x) = Γ(a, x) / Γ(a), the upper tail of a gamma distribution.</summary>
    public static double GammaUpper(double a, double x) => x <= 0 ? 1 : x < a + 1 ? 1 - GammaSeries(a, x) : GammaFraction(a, x);

    /// <summary>P(a, x) = 1 - Q(a, x), the lower tail of a gamma distribution.</summary>
    public static double GammaLower(double a, double x) => x <= 0 ? 0 : x < a + 1 ? GammaSeries(a, x) : 1 - GammaFraction(a, x);

    /// <summary>I_x(a, b), the lower tail of a beta distribution.</summary>
    public static double Beta(double a, double b, double x)
    {
        if (x <= 0 || x >= 1)
        {
            return x <= 0 ? 0 : 1;
        }
        var front = Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + a * Math.Log(x) + b * Math.Log(1 - x));
        // The fraction converges fast below the mean only.
        return x < (a + 1) / (a + b + 2) ? front * BetaFraction(a, b, x) / a : 1 - front * BetaFraction(b, a, 1 - x) / b;
    }

    private static double GammaSeries(double a, double x)
    {
        var term = 1 / a;
        var sum = term;
        for (var n = 1; n < MaxTerms && term > sum * Epsilon; n++)
        {
            term *= x / (a + n);
            sum += term;
        }
        return sum * Math.Exp(a * Math.Log(x) - x - LogGamma(a));
    }

    private static double GammaFraction(double a, double x) =>
        Math.Exp(a * Math.Log(x) - x - LogGamma(a)) / Lentz(x + 1 - a, n => (-n * (n - a), x + 2 * n + 1 - a));

    private static double BetaFraction(double a, double b, double x) => 1 / Lentz(1, n =>
    {
        var m = n / 2;
        return (n % 2 == 0 ? m * (b - m) * x / ((a + n - 1) * (a + n)) : -(a + m) * (a + b + m) * x / ((a + n - 1) * (a + n)), 1);
    });

    /// <summary>first + a₁ / (b₁ + a₂ / (b₂ + …)).</summary>
    private static double Lentz(double first, Func<int, (double A, double B)> term)
    {
        var value = Math.Abs(first) < Tiny ? Tiny : first;
        var (c, d) = (value, 0.0);
        for (var n = 1; n < MaxTerms; n++)
        {
            var (a, b) = term(n);
            d = b + a * d;
            d = 1 / (Math.Abs(d) < Tiny ? Tiny : d);
            c = b + a / c;
            c = Math.Abs(c) < Tiny ? Tiny : c;
            value *= c * d;
            if (Math.Abs(c * d - 1) < 1e-15)
            {
                break;
            }
        }
        return value;
    }
}
