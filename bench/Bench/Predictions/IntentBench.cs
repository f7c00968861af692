using System.Diagnostics;
using Wellmet.Platform;
using Wellmet.Science.Evaluation;
using Wellmet.Science.Predictions;

namespace Wellmet.Bench.Predictions;

/// <summary>
/// Ten-fold stratified cross-validation on the visits of a shop: every visit gets its probability from a model that never saw it, trees and calibration alike.
/// <c>--data</c> (CSV, also .gz), <c>--seed</c> (of the division).
/// </summary>
internal sealed class IntentBench : IBench
{
    private const string SharedFile = "../shared/data/online-shoppers/online_shoppers_intention.csv.gz";
    private const int Folds = 10;

    /// <summary>What the analytics tool made of other visits and of whole visits; a running visit does not know them.</summary>
    private static readonly string[] PageValues = ["PageValues"], OfTheTool = ["PageValues", "ExitRates", "BounceRates"];

    public string Name => "intent";
    public string Summary => "How well it is foretold which visits end with an order, by cross-validation: AUC, calibration error, Brier score";

    public Task<BenchResult> RunAsync(BenchArguments arguments, CancellationToken ct)
    {
        var file = arguments.Text("data", SharedFile);
        if (!File.Exists(file))
        {
            throw new ProblemException("file_missing", "There is no file {0}; name one with --data.", 404, file);
        }
        var examples = SessionFile.Read(file);
        var folds = StratifiedFolds.Assign(examples.Outcomes, Folds, (ulong)arguments.Number("seed", 1));
        Console.Error.WriteLine($"Columns used: {Columns(examples)}. PageValues is the tool's mean value of the pages visited, from past orders; it may hold the very order that is foretold.");
        var all = CrossValidate(examples, folds, ct);
        var withoutPageValues = CrossValidate(examples.Without(PageValues), folds, ct);
        var withoutTool = CrossValidate(examples.Without(OfTheTool), folds, ct);
        var bins = Reliability.EqualWidth(all.Probabilities, examples.Outcomes, 10);
        return Task.FromResult(new BenchResult(
            new Dictionary<string, object?>
            {
                ["data"] = Path.GetFileName(file), ["folds"] = Folds, ["columns"] = Columns(examples), ["left_out_without_page_values"] = PageValues, ["left_out_without_analytics"] = OfTheTool,
                ["reliability"] = bins.Select(b => new { b.Count, Predicted = Math.Round(b.Predicted, 4), Observed = Math.Round(b.Observed, 4) }),
            },
            Metrics(examples, all, withoutPageValues, withoutTool),
            new Dictionary<string, double> { ["auc"] = 0.92, ["ece"] = 0.03 }));
    }

    private static Dictionary<string, double> Metrics(Examples examples, Run all, Run withoutPageValues, Run withoutTool) => new()
    {
        ["auc"] = Math.Round(BinaryMetrics.Auc(all.Probabilities, examples.Outcomes), 5),
        ["ece"] = Error(all, examples),
        ["ece_equal_count"] = Math.Round(Reliability.ExpectedCalibrationError(Reliability.EqualCount(all.Probabilities, examples.Outcomes)), 5),
        ["brier"] = Math.Round(BinaryMetrics.Brier(all.Probabilities, examples.Outcomes), 5),
        ["log_loss"] = Math.Round(BinaryMetrics.LogLoss(all.Probabilities, examples.Outcomes), 5),
        ["auc_without_page_values"] = Math.Round(BinaryMetrics.Auc(withoutPageValues.Probabilities, examples.Outcomes), 5),
        ["ece_without_page_values"] = Error(withoutPageValues, examples),
        ["auc_without_analytics"] = Math.Round(BinaryMetrics.Auc(withoutTool.Probabilities, examples.Outcomes), 5),
        ["train_seconds"] = Math.Round(all.TrainSeconds, 3),
        ["trees"] = all.Trees,
        ["sessions"] = examples.Outcomes.Length,
        ["purchases"] = examples.Outcomes.Count(o => o),
    };

    private static double Error(Run run, Examples examples) => Math.Round(Reliability.ExpectedCalibrationError(Reliability.EqualWidth(run.Probabilities, examples.Outcomes)), 5);

    private static string Columns(Examples examples) => string.Join(", ", examples.Features.Select(f => f.Name));

    private static Run CrossValidate(Examples examples, int[] folds, CancellationToken ct)
    {
        var probabilities = new double[folds.Length];
        var (seconds, trees) = (0.0, 0.0);
        for (var fold = 0; fold < Folds; fold++)
        {
            var started = Stopwatch.GetTimestamp();
            var model = CalibratedTrees.Train(examples.At(Enumerable.Range(0, folds.Length).Where(i => folds[i] != fold)), ct: ct);
            seconds += Stopwatch.GetElapsedTime(started).TotalSeconds / Folds;
            trees += model.Trees.TreeCount / (double)Folds;
            for (var i = 0; i < folds.Length; i++)
            {
                probabilities[i] = folds[i] == fold ? model.Probability(examples.Rows[i]) : probabilities[i];
            }
        }
        return new Run(probabilities, seconds, trees);
    }

    /// <param name="Probabilities">Of each visit, by a model that did not see it.</param>
    /// <param name="TrainSeconds">Of one model with its calibration, on nine tenths of the visits.</param>
    /// <param name="Trees">Kept, on the average.</param>
    private sealed record Run(double[] Probabilities, double TrainSeconds, double Trees);
}
