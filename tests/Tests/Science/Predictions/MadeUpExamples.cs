using Wellmet.Science.Predictions;
using Wellmet.Science.Statistics;

namespace Wellmet.Tests.Science.Predictions;

/// <summary>Examples whose true probabilities are known.</summary>
internal static class MadeUpExamples
{
    /// <summary>A number that counts in the middle only, a category, a number that is missing where it tells most, and noise.</summary>
    public static (Examples Examples, double[] Truth) Draw(int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        string[] categories = ["a", "b", "c", "d", "e"];
        Feature[] features = [Feature.Numeric("middle"), Feature.Categorical("group", categories), Feature.Numeric("absent"), Feature.Numeric("noise")];
        var rows = new List<double[]>();
        var truth = new double[count];
        for (var i = 0; i < count; i++)
        {
            double middle = random.NextDouble() * 10, group = random.Next(5), absent = random.Next(3) == 0 ? double.NaN : random.NextDouble();
            var logOdds = -2 + (middle is > 4 and < 6 ? 2 : 0) + (group is 1 or 4 ? 1.5 : 0) + (double.IsNaN(absent) ? 1.5 : 0);
            truth[i] = 1 / (1 + Math.Exp(-logOdds));
            rows.Add([middle, group, absent, random.NextDouble()]);
        }
        return (new Examples(features, rows, [.. truth.Select(p => random.NextDouble() < p)]), truth);
    }
}
