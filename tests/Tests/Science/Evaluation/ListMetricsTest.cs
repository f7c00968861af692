using Wellmet.Science.Evaluation;

namespace Wellmet.Tests.Science.Evaluation;

public sealed class ListMetricsTest
{
    [Fact]
    public void Showing_everything_equally_often_is_equal_and_one_thing_is_not()
    {
        var (equal, one) = (new CatalogueUse(4), new CatalogueUse(4));
        equal.Add([0, 1]);
        equal.Add([2, 3]);
        one.Add([2]);
        one.Add([2]);

        (equal.Coverage, equal.Gini, equal.HeadShare(0.25)).ShouldBe((1, 0, 0.25));
        (one.Coverage, one.Gini, one.HeadShare()).ShouldBe((0.25, 0.75, 1));
        (new CatalogueUse(4).Coverage, new CatalogueUse(4).Gini).ShouldBe((0, 0));
    }

    [Fact]
    public void Novelty_is_in_bits()
    {
        ListMetrics.Novelty([0, 1], [8, 1, 0], 16).ShouldBe((1 + 4) / 2.0);
        ListMetrics.Novelty([2], [8, 1, 0], 16).ShouldBe(5);
        ListMetrics.Novelty([], [], 16).ShouldBe(0);
    }

    [Fact]
    public void Type_diversity_counts_pairs()
    {
        ListMetrics.TypeDiversity([1, 1, 2]).ShouldBe(2 / 3.0);
        ListMetrics.TypeDiversity([1, 1]).ShouldBe(0);
        ListMetrics.TypeDiversity([1]).ShouldBe(1);
    }

    [Fact]
    public void Calibration_is_nought_for_the_same_mix_and_large_where_a_wish_is_not_met()
    {
        ListMetrics.CalibrationDivergence([0.7, 0.3], [0.7, 0.3]).ShouldBe(0, 1e-12);
        ListMetrics.CalibrationDivergence([0.5, 0.5, 0], [1, 0, 0]).ShouldBe((0.5 * Math.Log(0.5 / 0.995)) + (0.5 * Math.Log(0.5 / 0.005)), 1e-12);
        Should.Throw<ArgumentException>(() => ListMetrics.CalibrationDivergence([1], [0.5, 0.5]));
    }
}
