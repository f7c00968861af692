namespace Wellmet.Science.Predictions;

/// <summary>How trees are grown; the defaults suit some thousands to some hundred thousand examples.</summary>
/// <param name="Trees">At most; see <see cref="CalibratedTrees"/> for how many are kept.</param>
/// <param name="LearningRate">What share of its correction a tree adds.</param>
/// <param name="Leaves">Of a tree, at most.</param>
/// <param name="MinRows">Rows in a leaf, at least.</param>
/// <param name="MinHessian">Weight of a leaf (sum of p (1 - p)), at least.</param>
/// <param name="MinGain">Of a split, at least.</param>
/// <param name="Ridge">L2 penalty of leaves.</param>
/// <param name="CategoricalRidge">More of it for categories, which offer more splits by chance.</param>
/// <param name="RowShare">Rows that a tree sees, drawn anew for each (Friedman, "Stochastic gradient boosting", 2002).</param>
/// <param name="FeatureShare">Columns that a tree sees, likewise.</param>
/// <param name="MaxBins">Bins of a column of numbers, at most 255.</param>
/// <param name="Seed">The same seed and examples give the same trees, bit for bit.</param>
public sealed record GradientBoostingSettings(
    int Trees = 400, double LearningRate = 0.05, int Leaves = 15, int MinRows = 20, double MinHessian = 1, double MinGain = 1e-6,
    double Ridge = 1, double CategoricalRidge = 10, double RowShare = 0.8, double FeatureShare = 0.7, int MaxBins = 255, ulong Seed = 1);

/// <summary>
/// The log-odds of a yes as a sum of small trees, each of which corrects those before it: gradient boosting with gradients and hessians of the log loss
/// (Friedman, "Greedy function approximation", 2001; Chen and Guestrin, "XGBoost", KDD 2016; Ke et al., "LightGBM", NIPS 2017). Immutable.
/// </summary>
public sealed class GradientBoostedTrees
{
    private readonly bool[] categorical;
    private readonly Tree[] trees;

    internal GradientBoostedTrees(IReadOnlyList<Feature> features, double baseLogOdds, Tree[] trees)
    {
        (Features, BaseLogOdds, this.trees) = (features, baseLogOdds, trees);
        categorical = [.. features.Select(f => f.Kind == FeatureKind.Categorical)];
    }

    /// <summary>The columns of a row.</summary>
    public IReadOnlyList<Feature> Features { get; }

    /// <summary>The log-odds before the first tree.</summary>
    public double BaseLogOdds { get; }

    /// <summary>Number of trees.</summary>
    public int TreeCount => trees.Length;

    internal IReadOnlyList<Tree> Trees => trees;

    /// <summary>Grows the trees.</summary>
    /// <param name="examples">At least one yes and one no, or there is nothing to learn and every row gets the same.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static GradientBoostedTrees Train(Examples examples, GradientBoostingSettings? settings = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(examples);
        settings ??= new GradientBoostingSettings();
        var boosting = new Boosting(examples, settings);
        for (var tree = 0; tree < settings.Trees; tree++)
        {
            ct.ThrowIfCancellationRequested();
            boosting.AddTree();
        }
        return boosting.ToModel();
    }

    /// <summary>ln(p / (1 - p)) of a yes.</summary>
    /// <param name="row">One value for each feature; NaN where it is not known. A category is its code, see <see cref="Feature.CodeOf"/>.</param>
    /// <exception cref="ArgumentException">Another number of values, or a code that no category has.</exception>
    public double LogOdds(ReadOnlySpan<double> row)
    {
        DemandRow(row);
        var sum = BaseLogOdds;
        foreach (var tree in trees)
        {
            sum += tree.Predict(row, categorical);
        }
        return sum;
    }

    /// <summary>
    /// What each feature adds to the log-odds (Shapley values by the paths of the trees; see <see cref="TreeShap"/>). The base and all contributions sum to
    /// <see cref="LogOdds"/>.
    /// </summary>
    /// <inheritdoc cref="LogOdds" path="/param"/>
    public (double Base, double[] Contributions) Explain(ReadOnlySpan<double> row)
    {
        DemandRow(row);
        var contributions = new double[Features.Count];
        var start = BaseLogOdds;
        foreach (var tree in trees)
        {
            start += tree.Value[0];
            TreeShap.Add(tree, row, categorical, contributions);
        }
        return (start, contributions);
    }

    /// <summary>The model of the first trees alone.</summary>
    internal GradientBoostedTrees First(int count) => new(Features, BaseLogOdds, trees[..count]);

    private void DemandRow(ReadOnlySpan<double> row)
    {
        if (row.Length != Features.Count)
        {
            throw new ArgumentException($"A row has {Features.Count} values.", nameof(row));
        }
        for (var f = 0; f < row.Length; f++)
        {
            if (categorical[f] && !double.IsNaN(row[f]) && !(row[f] >= 0 && row[f] < Features[f].Categories.Count))
            {
                throw new ArgumentException($"{Features[f].Name} has no category {row[f]}.", nameof(row));
            }
        }
    }
}
