using Wellmet.Science.Statistics;

namespace Wellmet.Demo.Generator;

/// <summary>Draws from distributions.</summary>
internal static class Pick
{
    /// <summary>An index below <paramref name="count"/>, each as likely as its weight says.</summary>
    public static int Of(SeededRandom random, int count, Func<int, double> weight)
    {
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            sum += weight(i);
        }
        var place = random.NextDouble() * sum;
        var last = count - 1;
        for (var i = 0; i < last; i++)
        {
            place -= weight(i);
            if (place < 0)
            {
                return i;
            }
        }
        return last;
    }

    public static bool Chance(SeededRandom random, double likely) => random.NextDouble() < likely;

    /// <summary>Exponential distribution, in days.</summary>
    public static double Wait(SeededRandom random, double mean) => -mean * Math.Log(1 - random.NextDouble());

    /// <summary>About 1, with a median of 1: log-normal, by the sum of twelve uniform numbers instead of an exact normal one.</summary>
    public static double About(SeededRandom random, double spread)
    {
        var normal = -6.0;
        for (var i = 0; i < 12; i++)
        {
            normal += random.NextDouble();
        }
        return Math.Exp(spread * normal);
    }
}
