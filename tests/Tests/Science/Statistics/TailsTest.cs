using Wellmet.Science.Statistics;

namespace Wellmet.Tests.Science.Statistics;

/// <summary>Against printed tables and closed forms.</summary>
public sealed class TailsTest
{
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.158655253931457)]
    [InlineData(1.959963984540054, 0.025)]
    [InlineData(-1.2815515655446004, 0.9)]
    [InlineData(6, 9.865876450376946e-10)]
    [InlineData(10, 7.619853024160525e-24)]
    public void The_normal_tail_is_the_printed_one_and_the_quantile_its_inverse(double z, double tail)
    {
        NormalDistribution.UpperTail(z).ShouldBe(tail, 1e-11 * tail);
        NormalDistribution.Cdf(-z).ShouldBe(tail, 1e-11 * tail);
        NormalDistribution.Quantile(tail).ShouldBe(-z, 1e-9);
        NormalDistribution.TwoSided(Math.Abs(z)).ShouldBe(2 * Math.Min(tail, 1 - tail), 1e-11);
    }

    [Theory]
    [InlineData(12.706204736432095, 1, 0.05)]
    [InlineData(2.2281388519649385, 10, 0.05)]
    [InlineData(4.5868938587, 10, 0.001)]
    [InlineData(1.9600, 1e7, 0.05)]
    public void Student_s_t_is_the_printed_one(double t, double degrees, double p)
    {
        StudentDistribution.TwoSided(t, degrees).ShouldBe(p, 1e-5);
        StudentDistribution.TwoSidedQuantile(p, degrees).ShouldBe(t, 1e-4);
    }

    [Theory]
    [InlineData(3.841458820694124, 1, 0.05)]
    [InlineData(13.815510557964274, 2, 0.001)]
    [InlineData(18.307038053275146, 10, 0.05)]
    [InlineData(2.0, 2, 0.36787944117144233)]
    public void Chi_square_is_the_printed_one(double x, int degrees, double p) => ChiSquareDistribution.UpperTail(x, degrees).ShouldBe(p, 1e-10);

    [Fact]
    public void The_sign_test_counts_coins()
    {
        BinomialDistribution.UpperTail(8, 10, 0.5).ShouldBe(56.0 / 1024, 1e-12);
        BinomialDistribution.SignTest(8, 2).ShouldBe(112.0 / 1024, 1e-12);
        BinomialDistribution.SignTest(2, 8).ShouldBe(112.0 / 1024, 1e-12);
        BinomialDistribution.SignTest(5, 5).ShouldBe(1);
        BinomialDistribution.SignTest(0, 0).ShouldBe(1);
        BinomialDistribution.UpperTail(60_000, 100_000, 0.5).ShouldBeInRange(0, 1e-300);
    }

    [Fact]
    public void Holm_adjusts_as_in_his_example_and_keeps_the_order()
    {
        Holm.Adjust([0.01, 0.04, 0.03, 0.005]).ShouldBe([0.03, 0.06, 0.06, 0.02], 1e-12);
        Holm.Adjust([0.9, 0.8]).ShouldBe([1, 1]);
        Holm.Adjust([]).ShouldBeEmpty();
    }

    [Fact]
    public void Moments_add_up_to_those_of_the_whole()
    {
        double[] first = [1, 2, 4], second = [8, 16];
        var whole = SampleMoments.Of(first.Concat(second));
        (SampleMoments.Of(first) + SampleMoments.Of(second)).ShouldBe(whole);
        whole.Mean.ShouldBe(6.2, 1e-12);
        whole.Variance.ShouldBe(37.2, 1e-12);
        SampleMoments.OfProportion(10, 4).Variance.ShouldBe(0.24 * 10 / 9, 1e-12);
        PairedMoments.Of([(1, 2), (2, 4), (3, 9)]).Covariance.ShouldBe(3.5, 1e-12);
    }
}
