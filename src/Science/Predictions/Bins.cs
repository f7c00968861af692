namespace Wellmet.Science.Predictions;

/// <summary>
/// Examples with each value put into one of few bins, so that a split is looked for among bins, not among values (LightGBM: Ke et al., NIPS 2017).
/// Bin 0 holds what is not known. Categories have a bin each; numbers share bins by count, and equal numbers never part.
/// </summary>
internal sealed class Bins
{
    /// <summary>Without bin 0, so that a bin fits a byte.</summary>
    public const int MostBins = Feature.MostCategories;

    private readonly double[][] bounds;

    private Bins(IReadOnlyList<Feature> features, double[][] bounds, byte[][] columns)
    {
        this.bounds = bounds;
        Features = features;
        Columns = columns;
    }

    public IReadOnlyList<Feature> Features { get; }

    /// <summary>Bin by feature and row.</summary>
    public byte[][] Columns { get; }

    public bool IsCategorical(int feature) => Features[feature].Kind == FeatureKind.Categorical;

    /// <summary>Bins of the feature, bin 0 among them.</summary>
    public int CountOf(int feature) => 1 + (IsCategorical(feature) ? Features[feature].Categories.Count : bounds[feature].Length + 1);

    /// <summary>The number up to which values are in the bin or one before it.</summary>
    public double UpperBound(int feature, int bin) => bounds[feature][bin - 1];

    public static Bins Of(Examples examples, int most)
    {
        var features = examples.Features;
        var bounds = new double[features.Count][];
        var columns = new byte[features.Count][];
        for (var f = 0; f < features.Count; f++)
        {
            var column = new double[examples.Rows.Count];
            for (var row = 0; row < column.Length; row++)
            {
                column[row] = examples.Rows[row][f];
            }
            var numeric = features[f].Kind == FeatureKind.Numeric;
            bounds[f] = numeric ? Bounds(column, Math.Clamp(most, 2, MostBins)) : [];
            var ends = bounds[f];
            columns[f] = Array.ConvertAll(column, value => (byte)(double.IsNaN(value) ? 0 : numeric ? 1 + BinOf(ends, value) : 1 + (int)value));
        }
        return new Bins(features, bounds, columns);
    }

    /// <summary>Halfway between neighbouring values, where the share of rows that a bin is due is full.</summary>
    private static double[] Bounds(double[] column, int most)
    {
        var sorted = column.Where(v => !double.IsNaN(v)).Order().ToArray();
        var distinct = sorted.Distinct().Count();
        var bounds = new List<double>();
        var (inBin, left, binsLeft) = (0, sorted.Length, most);
        for (var i = 0; i + 1 < sorted.Length && binsLeft > 1; i++)
        {
            inBin++;
            if (sorted[i] < sorted[i + 1] && (distinct <= most || inBin >= (double)left / binsLeft))
            {
                bounds.Add(sorted[i] + (sorted[i + 1] - sorted[i]) / 2);
                left -= inBin;
                (inBin, binsLeft) = (0, binsLeft - 1);
            }
        }
        return [.. bounds];
    }

    private static int BinOf(double[] bounds, double value)
    {
        var at = Array.BinarySearch(bounds, value);
        return at < 0 ? ~at : at;
    }
}
