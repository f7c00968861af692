namespace Wellmet.Science.Statistics;

/// <summary>Guards of arguments that are probabilities.</summary>
internal static class Probability
{
    /// <exception cref="ArgumentOutOfRangeException">The value is not strictly between 0 and 1.</exception>
    public static void Demand(double probability)
    {
        if (!(probability > 0 && probability < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability lies between 0 and 1.");
        }
    }
}
