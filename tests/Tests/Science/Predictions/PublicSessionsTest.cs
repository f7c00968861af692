using System.Globalization;
using Wellmet.Science.Evaluation;
using Wellmet.Science.Predictions;

namespace Wellmet.Tests.Science.Predictions;

/// <summary>One tenth of a real shop's visits, foretold by the rest; the benchmark does all ten.</summary>
public sealed class PublicSessionsTest
{
    [Fact]
    public void Orders_of_a_real_shop_are_foretold_and_the_probabilities_are_true()
    {
        var lines = RealData.Lines("online-shoppers/online_shoppers_intention.csv.gz").Select(l => l.Split(';')).ToList();
        // The last three are the kind of visitor, the weekend and the outcome; the month stands at 10.
        int[] numbers = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
        var month = Feature.Categorical("Month", [.. lines.Skip(1).Select(l => l[10]).Distinct()]);
        var examples = new Examples([.. numbers.Select(n => Feature.Numeric(lines[0][n])), month],
            [.. lines.Skip(1).Select(l => numbers.Select(n => double.Parse(l[n], CultureInfo.InvariantCulture)).Append(month.CodeOf(l[10])).ToArray())],
            [.. lines.Skip(1).Select(l => l[^1] == "TRUE")]);
        var folds = StratifiedFolds.Assign(examples.Outcomes, 10, 1);
        var (train, test) = (examples.At(Enumerable.Range(0, folds.Length).Where(i => folds[i] > 0)), examples.At(Enumerable.Range(0, folds.Length).Where(i => folds[i] == 0)));

        var model = CalibratedTrees.Train(train, new GradientBoostingSettings(Trees: 150));

        var said = test.Rows.Select(r => model.Probability(r)).ToArray();
        BinaryMetrics.Auc(said, test.Outcomes).ShouldBeGreaterThan(0.90);
        model.Quality.Auc.ShouldBeGreaterThan(0.92);
        model.Quality.CalibrationError.ShouldBeLessThan(0.03);
    }
}
