using Wellmet.Science.Evaluation;

namespace Wellmet.Science.Predictions;

/// <summary>How good a model is on examples that it did not see, by cross-validation within its own training.</summary>
/// <param name="Examples">It was trained on.</param>
/// <param name="Yes">Of them.</param>
/// <param name="CalibrationError">See <see cref="Reliability.ExpectedCalibrationError"/>.</param>
public readonly record struct PredictionQuality(int Examples, int Yes, double Auc, double Brier, double CalibrationError);

/// <summary>Why a row got its probability: <paramref name="Base"/> and all contributions sum to <paramref name="LogOdds"/>.</summary>
/// <param name="Base">What is said of a row of which nothing is known.</param>
/// <param name="Contributions">One for each feature, in log-odds.</param>
public sealed record PredictionReason(double LogOdds, double Base, IReadOnlyList<double> Contributions);

/// <summary>
/// Boosted trees whose probabilities mean what they say. Everything beside the trees is learned by cross-fitting: five models, each without a fifth of the examples, answer
/// for that fifth. Where their loss is lowest, growing ends; their answers fit the scaling; then the trees grow on all examples. Immutable.
/// </summary>
public sealed class CalibratedTrees
{
    private const int Folds = 5, Patience = 30;

    internal CalibratedTrees(GradientBoostedTrees trees, PlattScaling scaling, PredictionQuality quality) => (Trees, Scaling, Quality) = (trees, scaling, quality);

    public GradientBoostedTrees Trees { get; }

    public PlattScaling Scaling { get; }

    public PredictionQuality Quality { get; }

    /// <summary>Learns from examples.</summary>
    /// <param name="examples">At least five yeses and five noes.</param>
    /// <param name="threads">At most; null for one per processor. The result is the same for any number.</param>
    /// <exception cref="ArgumentException">Fewer.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static CalibratedTrees Train(Examples examples, GradientBoostingSettings? settings = null, int? threads = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(examples);
        settings ??= new GradientBoostingSettings();
        var yes = examples.Outcomes.Count(o => o);
        if (yes < Folds || examples.Outcomes.Length - yes < Folds)
        {
            throw new ArgumentException($"There must be at least {Folds} examples of each outcome.", nameof(examples));
        }
        var (count, scores) = CrossFit(examples, settings, threads ?? Environment.ProcessorCount, ct);
        var scaling = PlattScaling.Fit(scores, examples.Outcomes);
        var probabilities = Array.ConvertAll(scores, score => PlattScaling.Sigmoid(scaling.LogOdds(score)));
        var error = Reliability.ExpectedCalibrationError(Reliability.EqualWidth(probabilities, examples.Outcomes));
        var quality = new PredictionQuality(scores.Length, yes, BinaryMetrics.Auc(scores, examples.Outcomes), BinaryMetrics.Brier(probabilities, examples.Outcomes), error);
        return new CalibratedTrees(GradientBoostedTrees.Train(examples, settings with { Trees = count }, ct), scaling, quality);
    }

    /// <summary>The probability of a yes, in (0, 1).</summary>
    /// <inheritdoc cref="GradientBoostedTrees.LogOdds" path="/param"/>
    public double Probability(ReadOnlySpan<double> row) => PlattScaling.Sigmoid(Scaling.LogOdds(Trees.LogOdds(row)));

    /// <summary>The calibrated log-odds and what each feature adds to it.</summary>
    /// <inheritdoc cref="GradientBoostedTrees.LogOdds" path="/param"/>
    public PredictionReason Explain(ReadOnlySpan<double> row)
    {
        var (start, contributions) = Trees.Explain(row);
        return new PredictionReason(Scaling.LogOdds(Trees.LogOdds(row)), Scaling.LogOdds(start), Array.ConvertAll(contributions, c => Scaling.Slope * c));
    }

    /// <summary>The number of trees with the lowest loss on examples not seen, and the scores of all examples by models that did not see them.</summary>
    private static (int Trees, double[] Scores) CrossFit(Examples examples, GradientBoostingSettings settings, int threads, CancellationToken ct)
    {
        var folds = StratifiedFolds.Assign(examples.Outcomes, Folds, settings.Seed);
        var parts = Enumerable.Range(0, Folds).Select(fold => new Part(examples, settings, folds, fold)).ToArray();
        var (best, bestLoss) = (0, parts.Sum(p => p.Loss));
        for (var count = 1; count <= settings.Trees && count - best <= Patience; count++)
        {
            // The parts do not touch each other, so the result is the same for any number of threads.
            Parallel.ForEach(parts, new ParallelOptions { CancellationToken = ct, MaxDegreeOfParallelism = threads }, part => part.AddTree());
            var loss = parts.Sum(p => p.Loss);
            (best, bestLoss) = loss < bestLoss ? (count, loss) : (best, bestLoss);
        }
        var scores = new double[folds.Length];
        foreach (var part in parts)
        {
            part.WriteScores(scores, best);
        }
        return (best, scores);
    }

    /// <summary>A model that grows without the examples of a fold.</summary>
    private sealed class Part
    {
        private readonly Examples examples;
        private readonly int[] heldOut;
        private readonly Boosting boosting;
        private readonly bool[] categorical;
        private readonly double[] logOdds;

        public Part(Examples examples, GradientBoostingSettings settings, int[] folds, int fold)
        {
            this.examples = examples;
            heldOut = [.. Enumerable.Range(0, folds.Length).Where(i => folds[i] == fold)];
            boosting = new Boosting(examples.At(Enumerable.Range(0, folds.Length).Where(i => folds[i] != fold)), settings);
            categorical = [.. examples.Features.Select(f => f.Kind == FeatureKind.Categorical)];
            logOdds = [.. heldOut.Select(_ => boosting.Start)];
            Loss = MeasuredLoss();
        }

        /// <summary>Log loss over the held-out examples, summed.</summary>
        public double Loss { get; private set; }

        public void AddTree()
        {
            var tree = boosting.AddTree();
            for (var i = 0; i < heldOut.Length; i++)
            {
                logOdds[i] += tree.Predict(examples.Rows[heldOut[i]], categorical);
            }
            Loss = MeasuredLoss();
        }

        public void WriteScores(double[] scores, int trees)
        {
            var model = boosting.ToModel().First(trees);
            foreach (var i in heldOut)
            {
                scores[i] = model.LogOdds(examples.Rows[i]);
            }
        }

        private double MeasuredLoss() =>
            heldOut.Length * BinaryMetrics.LogLoss(Array.ConvertAll(logOdds, PlattScaling.Sigmoid), Array.ConvertAll(heldOut, i => examples.Outcomes[i]));
    }
}
