namespace Wellmet.Science.Statistics;

/// <summary>
/// Several tests at once without more false alarms than one (Holm, "A simple sequentially rejective multiple test procedure", Scandinavian
/// Journal of Statistics 6, 1979): holds for any dependence between the tests, and never finds less than Bonferroni.
/// </summary>
public static class Holm
{
    /// <summary>The adjusted p-values, in the order given: what is at most α is significant at α for the family of all of them.</summary>
    /// <param name="pValues">Each in [0, 1].</param>
    public static double[] Adjust(IReadOnlyList<double> pValues)
    {
        ArgumentNullException.ThrowIfNull(pValues);
        var adjusted = new double[pValues.Count];
        var largest = 0.0;
        var left = pValues.Count;
        foreach (var i in Enumerable.Range(0, pValues.Count).OrderBy(i => pValues[i]))
        {
            largest = Math.Max(largest, Math.Min(1, left-- * pValues[i]));
            adjusted[i] = largest;
        }
        return adjusted;
    }
}
