using Wellmet.Science.Statistics;

namespace Wellmet.Tests.Science.Experiments;

/// <summary>Random numbers of known distributions.</summary>
internal static class Draws
{
    /// <summary>Mean 0, standard deviation 1 (Box and Muller).</summary>
    public static double Normal(this SeededRandom random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>What a visitor spends: mostly nothing, now and then a lot.</summary>
    public static double Spend(this SeededRandom random, double buys) => random.NextDouble() < buys ? Math.Exp(3.5 + 0.8 * random.Normal()) : 0;
}
