namespace Wellmet.Science.Evaluation;

/// <summary>Predictions of about the same probability.</summary>
/// <param name="Predicted">Their mean probability.</param>
/// <param name="Observed">The share that came true.</param>
public readonly record struct ReliabilityBin(int Count, double Predicted, double Observed);

/// <summary>Whether what is said to happen in 30 of 100 cases does so.</summary>
public static class Reliability
{
    /// <summary>Bins of equal width over [0, 1]; empty ones are left out.</summary>
    /// <inheritdoc cref="BinaryMetrics.LogLoss" path="/param"/>
    public static IReadOnlyList<ReliabilityBin> EqualWidth(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> outcomes, int bins = 15)
    {
        BinaryMetrics.DemandSameLength(probabilities, outcomes);
        var at = new int[probabilities.Length];
        for (var i = 0; i < at.Length; i++)
        {
            at[i] = Math.Clamp((int)(probabilities[i] * bins), 0, bins - 1);
        }
        return Sum(probabilities, outcomes, at, bins);
    }

    /// <summary>Bins of as many predictions each, by rising probability.</summary>
    /// <inheritdoc cref="BinaryMetrics.LogLoss" path="/param"/>
    public static IReadOnlyList<ReliabilityBin> EqualCount(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> outcomes, int bins = 15)
    {
        BinaryMetrics.DemandSameLength(probabilities, outcomes);
        var order = Enumerable.Range(0, probabilities.Length).ToArray();
        Array.Sort(probabilities.ToArray(), order);
        var at = new int[order.Length];
        for (var rank = 0; rank < order.Length; rank++)
        {
            at[order[rank]] = (int)((long)rank * bins / order.Length);
        }
        return Sum(probabilities, outcomes, at, bins);
    }

    /// <summary>
    /// The expected calibration error: the mean distance of predicted and observed, weighted by the bins' counts (Guo, Pleiss, Sun and Weinberger, "On calibration
    /// of modern neural networks", ICML 2017, with 15 bins of equal width).
    /// </summary>
    public static double ExpectedCalibrationError(IReadOnlyList<ReliabilityBin> bins)
    {
        ArgumentNullException.ThrowIfNull(bins);
        return bins.Sum(b => b.Count * Math.Abs(b.Predicted - b.Observed)) / bins.Sum(b => b.Count);
    }

    private static List<ReliabilityBin> Sum(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> outcomes, int[] at, int bins)
    {
        var (counts, predicted, observed) = (new int[bins], new double[bins], new int[bins]);
        for (var i = 0; i < at.Length; i++)
        {
            counts[at[i]]++;
            predicted[at[i]] += probabilities[i];
            observed[at[i]] += outcomes[i] ? 1 : 0;
        }
        return [.. Enumerable.Range(0, bins).Where(b => counts[b] > 0).Select(b => new ReliabilityBin(counts[b], predicted[b] / counts[b], observed[b] / (double)counts[b]))];
    }
}
