using Wellmet.Science.Statistics;

namespace Wellmet.Bench.Recommendations;

/// <summary>The 95 % bootstrap interval of a mean (percentile method; Efron and Tibshirani, An Introduction to the Bootstrap, 1993).</summary>
internal static class BootstrapInterval
{
    private const int Draws = 1000;

    /// <param name="values">One for each unit that was drawn: an item, a customer.</param>
    public static (double Low, double High) Of(double[] values)
    {
        var random = new SeededRandom(1);
        var means = new double[Draws];
        for (var draw = 0; draw < Draws; draw++)
        {
            for (var i = 0; i < values.Length; i++)
            {
                means[draw] += values[random.Next(values.Length)] / values.Length;
            }
        }
        Array.Sort(means);
        return (means[(int)(Draws * 0.025)], means[(int)(Draws * 0.975)]);
    }
}
