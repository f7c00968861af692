namespace Wellmet.Science.Predictions;

/// <summary>Sums over the rows of a bin or a node.</summary>
internal struct GradientSum
{
    public double Gradient;
    public double Hessian;
    public int Count;

    public static GradientSum operator +(GradientSum a, GradientSum b) => new() { Gradient = a.Gradient + b.Gradient, Hessian = a.Hessian + b.Hessian, Count = a.Count + b.Count };

    public static GradientSum operator -(GradientSum a, GradientSum b) => new() { Gradient = a.Gradient - b.Gradient, Hessian = a.Hessian - b.Hessian, Count = a.Count - b.Count };
}

/// <summary>A division of a node's rows.</summary>
/// <param name="Gain">How much it lowers the loss (to second order); 0 for none.</param>
/// <param name="LeftBins">Whether rows of a bin go left.</param>
internal sealed record Split(int Feature, double Gain, bool[] LeftBins, int LastLeftBin)
{
    public static readonly Split None = new(-1, 0, [], 0);
}

/// <summary>
/// Finds the division of a node that lowers the loss most, to second order (Chen and Guestrin, "XGBoost", KDD 2016, equation 7). What is not known is tried on both
/// sides (there, algorithm 3). Categories are put in the order of gradient over hessian, in which the best division in two parts is a cut
/// (Fisher, 1958; LightGBM).
/// </summary>
internal sealed class SplitFinder(Bins bins, GradientBoostingSettings settings)
{
    /// <summary>Best split over the features that take part.</summary>
    /// <param name="histogram">Sums by feature and bin.</param>
    public Split Best(GradientSum[][] histogram, GradientSum node, bool[] takesPart)
    {
        var best = Split.None;
        for (var feature = 0; feature < histogram.Length; feature++)
        {
            if (takesPart[feature])
            {
                var split = OfFeature(feature, histogram[feature], node);
                best = split.Gain > best.Gain ? split : best;
            }
        }
        return best;
    }

    private double Score(GradientSum sum, double ridge) => sum.Gradient * sum.Gradient / (sum.Hessian + ridge);

    private Split OfFeature(int feature, GradientSum[] sums, GradientSum node)
    {
        var categorical = bins.IsCategorical(feature);
        var order = categorical ? Order(sums) : [.. Enumerable.Range(1, sums.Length - 1)];
        var ridge = settings.Ridge + (categorical ? settings.CategoricalRidge : 0);
        var (gain, cut, missingLeft) = BestCut(order, sums, node, ridge);
        if (!(gain > settings.MinGain))
        {
            return Split.None;
        }
        var left = new bool[sums.Length];
        left[0] = missingLeft;
        for (var i = 0; i <= cut; i++)
        {
            left[order[i]] = true;
        }
        return new Split(feature, gain, left, cut < 0 ? 0 : order[cut]);
    }

    /// <summary>The cut after a position of the order; -1 parts what is not known from all else.</summary>
    private (double Gain, int Cut, bool MissingLeft) BestCut(int[] order, GradientSum[] sums, GradientSum node, double ridge)
    {
        var (best, bestCut, bestMissing) = (0.0, -1, false);
        var whole = Score(node, settings.Ridge);
        foreach (var missingLeft in sums[0].Count > 0 ? (bool[])[true, false] : [false])
        {
            var left = missingLeft ? sums[0] : default;
            for (var cut = missingLeft ? -1 : 0; cut < order.Length; cut++)
            {
                left = cut < 0 ? left : left + sums[order[cut]];
                var right = node - left;
                if (IsLarge(left) && IsLarge(right) && 0.5 * (Score(left, ridge) + Score(right, ridge) - whole) is var gain && gain > best)
                {
                    (best, bestCut, bestMissing) = (gain, cut, missingLeft);
                }
            }
        }
        // Nothing was unknown here: later it goes with the larger part.
        if (sums[0].Count == 0 && best > 0)
        {
            bestMissing = 2 * order.Take(bestCut + 1).Sum(b => sums[b].Count) >= node.Count;
        }
        return (best, bestCut, bestMissing);
    }

    private bool IsLarge(GradientSum sum) => sum.Count >= settings.MinRows && sum.Hessian >= settings.MinHessian;

    /// <summary>Categories that occur here, by gradient over hessian; rare ones are drawn to the middle.</summary>
    private int[] Order(GradientSum[] sums) =>
        [.. Enumerable.Range(1, sums.Length - 1).Where(b => sums[b].Count > 0).OrderBy(b => sums[b].Gradient / (sums[b].Hessian + settings.CategoricalRidge))];
}
