using Wellmet.Science.Evaluation;
using Wellmet.Science.Predictions;

namespace Wellmet.Tests.Science.Predictions;

public sealed class GradientBoostedTreesTest
{
    private static readonly GradientBoostingSettings Few = new(Trees: 60, LearningRate: 0.1);

    [Fact]
    public void One_tree_with_one_split_is_the_one_by_hand()
    {
        var examples = new Examples([Feature.Numeric("x")], [[1], [2], [3], [4]], [false, false, true, true]);
        var model = GradientBoostedTrees.Train(examples, new GradientBoostingSettings(
            Trees: 1, LearningRate: 1, Leaves: 2, MinRows: 1, MinHessian: 0, Ridge: 1, RowShare: 1, FeatureShare: 1));

        // p = ½ everywhere: gradients ±½, hessians ¼; a leaf of two is worth ±1 / (½ + 1).
        model.BaseLogOdds.ShouldBe(0);
        model.LogOdds([2.49]).ShouldBe(-2.0 / 3, 1e-12);
        model.LogOdds([2.51]).ShouldBe(2.0 / 3, 1e-12);
    }

    [Fact]
    public void It_comes_near_the_best_that_can_be_known()
    {
        var (train, _) = MadeUpExamples.Draw(6000, 1);
        var (test, truth) = MadeUpExamples.Draw(4000, 2);
        var model = CalibratedTrees.Train(train, Few);

        var said = test.Rows.Select(r => model.Probability(r)).ToArray();

        BinaryMetrics.Auc(said, test.Outcomes).ShouldBeGreaterThan(BinaryMetrics.Auc(truth, test.Outcomes) - 0.012);
        BinaryMetrics.LogLoss(said, test.Outcomes).ShouldBeLessThan(BinaryMetrics.LogLoss(truth, test.Outcomes) + 0.012);
        Reliability.ExpectedCalibrationError(Reliability.EqualCount(said, test.Outcomes)).ShouldBeLessThan(0.03);
        model.Quality.Auc.ShouldBe(BinaryMetrics.Auc(said, test.Outcomes), 0.02);
        model.Quality.CalibrationError.ShouldBeLessThan(0.03);
        (model.Quality.Examples, model.Quality.Yes).ShouldBe((6000, train.Outcomes.Count(o => o)));
    }

    [Fact]
    public void The_same_examples_give_the_same_model_bit_for_bit()
    {
        var (examples, _) = MadeUpExamples.Draw(1500, 1);
        var (first, second) = (CalibratedTrees.Train(examples, Few), CalibratedTrees.Train(examples, Few));

        second.Scaling.ShouldBe(first.Scaling);
        examples.Rows.ShouldAllBe(r => first.Probability(r).Equals(second.Probability(r)));
        CalibratedTrees.Train(examples, Few with { Seed = 2 }).Scaling.ShouldNotBe(first.Scaling);
    }

    [Fact]
    public void What_is_not_known_may_tell_most_and_an_unknown_category_is_no_accident()
    {
        var (examples, _) = MadeUpExamples.Draw(6000, 1);
        var model = CalibratedTrees.Train(examples, Few);

        model.Probability([1, 0, double.NaN, 0.5]).ShouldBeGreaterThan(2 * model.Probability([1, 0, 0.5, 0.5]));
        model.Probability([1, 1, 0.5, 0.5]).ShouldBeGreaterThan(2 * model.Probability([1, 0, 0.5, 0.5]));
        model.Probability([double.NaN, double.NaN, double.NaN, double.NaN]).ShouldBeInRange(0.01, 0.99);
        model.Trees.Features[1].CodeOf("unheard of").ShouldBe(double.NaN);
        Should.Throw<ArgumentException>(() => model.Probability([1, 5, 0, 0]));
        Should.Throw<ArgumentException>(() => model.Probability([1, 1, 0]));
    }

    [Fact]
    public void A_reason_sums_to_the_log_odds_and_is_the_Shapley_value()
    {
        var (examples, _) = MadeUpExamples.Draw(3000, 1);
        var model = CalibratedTrees.Train(examples, Few);

        foreach (var row in examples.Rows.Take(300).Append([double.NaN, double.NaN, double.NaN, double.NaN]))
        {
            var reason = model.Explain(row);
            (reason.Base + reason.Contributions.Sum()).ShouldBe(reason.LogOdds, 1e-9);
            PlattScaling.Sigmoid(reason.LogOdds).ShouldBe(model.Probability(row), 1e-12);
        }
        foreach (var row in examples.Rows.Take(20))
        {
            model.Trees.Explain(row).Contributions.ShouldBe(ShapleyValues.ByDefinition(model.Trees, row), 1e-9);
        }
    }

    [Fact]
    public void Too_little_to_learn_from_is_refused_and_a_column_without_a_difference_is_passed_over()
    {
        Examples Of(int yes) => new([Feature.Numeric("x"), Feature.Numeric("same")], [.. Enumerable.Range(0, 40).Select(i => new[] { i, 7.0 })], [.. Enumerable.Range(0, 40).Select(i => i < yes)]);

        Should.Throw<ArgumentException>(() => CalibratedTrees.Train(Of(4)));
        CalibratedTrees.Train(Of(15), new GradientBoostingSettings(MinRows: 5)).Explain([3, 7]).Contributions[1].ShouldBe(0);
    }

    [Fact]
    public void Platt_finds_the_scaling_that_the_scores_were_made_with()
    {
        var random = new Wellmet.Science.Statistics.SeededRandom(1);
        var scores = Enumerable.Range(0, 50_000).Select(_ => 6 * random.NextDouble() - 3).ToArray();
        var scaling = PlattScaling.Fit(scores, [.. scores.Select(s => random.NextDouble() < PlattScaling.Sigmoid(0.6 * s - 1))]);

        scaling.Slope.ShouldBe(0.6, 0.03);
        scaling.Offset.ShouldBe(-1, 0.04);
        double.IsFinite(PlattScaling.Fit([-1000, 1000], [false, true]).Slope).ShouldBeTrue();
    }
}
