using Wellmet.Science.Experiments;
using Wellmet.Science.Statistics;

namespace Wellmet.Tests.Science.Experiments;

/// <summary>Simulations in which the truth is known.</summary>
public sealed class ComparisonTest
{
    [Fact]
    public void Welch_finds_what_a_textbook_finds()
    {
        // What R's t.test says of these: t = -2.4554, df = 24.989, p = 0.02138.
        double[] a = [27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4];
        double[] b = [27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 20.5, 24.4];

        var test = WelchTest.Compare(MeanEstimate.Of(SampleMoments.Of(a)), MeanEstimate.Of(SampleMoments.Of(b)));

        test.PValue.ShouldBe(0.021378, 0.000002);
        test.DegreesOfFreedom.ShouldBe(24.988529, 0.000002);
        test.Interval.Holds(0).ShouldBeFalse();
        WelchTest.Compare(MeanEstimate.OfProportion(1, 1), MeanEstimate.OfProportion(9, 1)).PValue.ShouldBe(1);
    }

    [Fact]
    public void Intervals_of_Welch_hold_the_true_difference_as_often_as_they_say()
    {
        var random = new SeededRandom(11);
        var held = Enumerable.Range(0, 2000).Count(_ =>
        {
            var control = SampleMoments.Of(Enumerable.Range(0, 12).Select(_ => random.Normal()));
            var treatment = SampleMoments.Of(Enumerable.Range(0, 30).Select(_ => 1 + 4 * random.Normal()));
            return WelchTest.Compare(MeanEstimate.Of(control), MeanEstimate.Of(treatment), 0.9).Interval.Holds(1);
        });

        held.ShouldBeInRange(1760, 1840, "90 % of 2,000, three standard errors");
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.7)]
    [InlineData(0.9)]
    public void Cuped_takes_rho_squared_of_the_variance_and_leaves_the_effect(double rho)
    {
        var random = new SeededRandom(5);
        List<(double, double)> Draw(double effect) => [.. Enumerable.Range(0, 20_000).Select(_ =>
        {
            var before = random.Normal();
            return (10 + effect + 3 * (rho * before + Math.Sqrt(1 - rho * rho) * random.Normal()), 100 + 2 * before);
        })];
        var cuped = Cuped.Adjust([PairedMoments.Of(Draw(0)), PairedMoments.Of(Draw(0.2))]);

        cuped.VarianceLeft.ShouldBe(1 - rho * rho, 0.02);
        cuped.Theta.ShouldBe(1.5 * rho, 0.03);
        var standardError = 3 * Math.Sqrt(2 * (1 - rho * rho) / 20_000);
        (cuped.Variants[1].Mean - cuped.Variants[0].Mean).ShouldBe(0.2, 3 * standardError);
        cuped.Variants[0].Variance.ShouldBe(9 * (1 - rho * rho), 0.3);
    }

    [Fact]
    public void Cuped_without_a_covariate_changes_nothing()
    {
        var cuped = Cuped.Adjust([PairedMoments.Of([(1, 0), (3, 0)]), PairedMoments.Of([(2, 0), (6, 0)])]);

        cuped.Theta.ShouldBe(0);
        cuped.VarianceLeft.ShouldBe(1);
        cuped.Variants.Select(v => (v.Mean, v.Variance)).ShouldBe([(2, 2), (4, 8)]);
    }

    [Fact]
    public void The_planned_size_finds_the_effect_with_the_planned_power()
    {
        // Printed: 5 % against 6 % needs 8,158 a variant (two-sided 5 %, power 80 %).
        SampleSize.ForProportions(0.05, 0.06).ShouldBeInRange(8150, 8160);
        SampleSize.ForMeans(1, 0.5).ShouldBe(63);
        SampleSize.Power(0.5, 2.0 / 63).ShouldBe(0.8, 0.005);
        SampleSize.Power(0, 1).ShouldBe(0.05, 1e-9);

        var random = new SeededRandom(17);
        var found = Enumerable.Range(0, 1000).Count(_ =>
        {
            var control = SampleMoments.Of(Enumerable.Range(0, 63).Select(_ => random.Normal()));
            var treatment = SampleMoments.Of(Enumerable.Range(0, 63).Select(_ => 0.5 + random.Normal()));
            return WelchTest.Compare(MeanEstimate.Of(control), MeanEstimate.Of(treatment)).PValue < 0.05;
        });
        found.ShouldBeInRange(760, 840);
    }
}
