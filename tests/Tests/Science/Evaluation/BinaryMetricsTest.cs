using Wellmet.Science.Evaluation;
using Wellmet.Science.Statistics;

namespace Wellmet.Tests.Science.Evaluation;

public sealed class BinaryMetricsTest
{
    [Fact]
    public void Auc_counts_pairs_in_the_right_order_and_half_of_those_that_are_equal()
    {
        BinaryMetrics.Auc([0.1, 0.4, 0.35, 0.8], [false, false, true, true]).ShouldBe(0.75);
        BinaryMetrics.Auc([1, 1, 1, 2], [true, false, true, true]).ShouldBe(4.0 / 6, 1e-12);
        BinaryMetrics.Auc([1, 2], [true, true]).ShouldBe(double.NaN);
        Should.Throw<ArgumentException>(() => BinaryMetrics.Auc([1], []));
    }

    [Fact]
    public void The_error_of_an_area_is_that_of_Hanley_and_McNeil()
    {
        // By hand: Q1 = 2/3, Q2 = 0.7111…; (0.16 + 49 · 0.02666… + 49 · 0.07111…) / 2500.
        BinaryMetrics.AucError(0.8, 50, 50).ShouldBe(0.0445, 5e-5);
        BinaryMetrics.AucError(1, 50, 50).ShouldBe(0);
        BinaryMetrics.AucError(0.8, 200, 200).ShouldBeInRange(0.0445 / 2 - 1e-3, 0.0445 / 2);
        Should.Throw<ArgumentOutOfRangeException>(() => BinaryMetrics.AucError(0.8, 0, 50));
    }

    [Fact]
    public void Brier_and_log_loss_are_those_by_hand()
    {
        BinaryMetrics.Brier([0.8, 0.4], [true, false]).ShouldBe((0.04 + 0.16) / 2, 1e-12);
        BinaryMetrics.LogLoss([0.8, 0.4], [true, false]).ShouldBe(-(Math.Log(0.8) + Math.Log(0.6)) / 2, 1e-12);
        double.IsFinite(BinaryMetrics.LogLoss([0], [true])).ShouldBeTrue();
    }

    [Fact]
    public void The_calibration_error_is_the_weighted_distance_of_said_and_come()
    {
        double[] said = [0.05, 0.05, 0.95, 1];
        bool[] came = [false, true, true, true];

        var bins = Reliability.EqualWidth(said, came, 10);

        bins.ShouldBe([new ReliabilityBin(2, 0.05, 0.5), new ReliabilityBin(2, 0.975, 1)]);
        Reliability.ExpectedCalibrationError(bins).ShouldBe((0.45 + 0.025) / 2, 1e-12);
        Reliability.EqualCount(said, came, 4).Select(b => b.Count).ShouldBe([1, 1, 1, 1]);
    }

    [Fact]
    public void Folds_are_of_one_size_and_each_has_its_share_of_yeses()
    {
        var random = new SeededRandom(1);
        var outcomes = Enumerable.Range(0, 1003).Select(_ => random.Next(10) == 0).ToArray();
        var folds = StratifiedFolds.Assign(outcomes, 10, 7);

        foreach (var fold in folds.Select((f, i) => (f, outcomes[i])).GroupBy(p => p.f))
        {
            fold.Count().ShouldBeInRange(100, 101);
            fold.Count(p => p.Item2).ShouldBeInRange(outcomes.Count(o => o) / 10, outcomes.Count(o => o) / 10 + 1);
        }
        folds.ShouldBe(StratifiedFolds.Assign(outcomes, 10, 7));
        folds.ShouldNotBe(StratifiedFolds.Assign(outcomes, 10, 8));
    }
}
