using Wellmet.Science.Evaluation;
using Wellmet.Science.Statistics;

namespace Wellmet.Science.Predictions;

/// <summary>
/// Tells seeds from everybody else: logistic regression on standardised columns, with a ridge penalty. The others are not known to be different, they are only not seeds. Where the seeds are a fair sample
/// of those who are meant, the probability of being a seed is a constant share of that of being meant, so that the order is the right one (Elkan and Noto, "Learning classifiers from only positive and
/// unlabeled data", KDD 2008, lemma 1); nothing but the order is used.
/// </summary>
/// <param name="means">Of each column over the examples.</param>
/// <param name="scales">Standard deviations; 0 for a column that says nothing.</param>
public sealed class SeedModel(double[] means, double[] scales, LogisticRegression fit)
{
    private const int Folds = 5;

    /// <summary>Penalty of a weight on a standardised column.</summary>
    public const double Ridge = 1;

    /// <summary>How much a column speaks for a seed where it is one standard deviation above its mean: a difference of log odds.</summary>
    public IReadOnlyList<double> Weights { get; } = [.. fit.Weights.Select((w, i) => scales[i] == 0 ? 0 : w)];

    /// <param name="x">For each example one value per column.</param>
    /// <param name="seeds">Which examples are seeds.</param>
    /// <exception cref="ArgumentException">There is no example, or their columns differ in number.</exception>
    public static SeedModel Fit(IReadOnlyList<double[]> x, IReadOnlyList<bool> seeds)
    {
        if (x.Count == 0 || x.Any(row => row.Length != x[0].Length))
        {
            throw new ArgumentException("There must be examples, each with the same columns.", nameof(x));
        }
        var columns = x[0].Length;
        var (means, scales) = (new double[columns], new double[columns]);
        for (var column = 0; column < columns; column++)
        {
            means[column] = x.Average(row => row[column]);
            scales[column] = Math.Sqrt(x.Average(row => (row[column] - means[column]) * (row[column] - means[column])));
            scales[column] = scales[column] < 1e-9 ? 0 : scales[column];
        }
        var model = new SeedModel(means, scales, new LogisticRegression(0, new double[columns], 0));
        var standard = x.SelectMany(model.Standardised).ToArray();
        return new SeedModel(means, scales, LogisticRegression.Fit(standard, [.. seeds], columns, Ridge));
    }

    /// <summary>How well the seeds are found among examples that the model was not fitted to: each fifth by a model of the other four.</summary>
    /// <returns>The mean area under the ROC curve, and its standard error.</returns>
    /// <inheritdoc cref="Fit" path="/param"/>
    public static (double Auc, double Error) HeldOut(IReadOnlyList<double[]> x, IReadOnlyList<bool> seeds)
    {
        var fold = StratifiedFolds.Assign([.. seeds], Folds, seed: 1);
        var sum = 0.0;
        for (var held = 0; held < Folds; held++)
        {
            var (inside, outside) = (Enumerable.Range(0, x.Count).Where(i => fold[i] != held).ToList(), Enumerable.Range(0, x.Count).Where(i => fold[i] == held).ToList());
            var model = Fit(inside.ConvertAll(i => x[i]), inside.ConvertAll(i => seeds[i]));
            sum += BinaryMetrics.Auc([.. outside.Select(i => model.Score(x[i]))], [.. outside.Select(i => seeds[i])]);
        }
        var yes = seeds.Count(s => s);
        return (sum / Folds, BinaryMetrics.AucError(sum / Folds, yes, seeds.Count - yes));
    }

    /// <summary>How much somebody is like the seeds: only the order counts.</summary>
    /// <param name="x">One value per column.</param>
    public double Score(double[] x) => fit.Probability(Standardised(x));

    private double[] Standardised(double[] x)
    {
        var standard = new double[x.Length];
        for (var column = 0; column < x.Length; column++)
        {
            standard[column] = scales[column] == 0 ? 0 : (x[column] - means[column]) / scales[column];
        }
        return standard;
    }
}
