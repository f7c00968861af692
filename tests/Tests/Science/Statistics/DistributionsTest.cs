using Wellmet.Science.Statistics;

namespace Wellmet.Tests.Science.Statistics;

public sealed class DistributionsTest
{
    /// <summary>Beta(1, n) and Beta(n, 1) have closed forms; Beta(2, 3) is the polynomial 6x² - 8x³ + 3x⁴.</summary>
    [Theory]
    [InlineData(0.01)]
    [InlineData(0.3)]
    [InlineData(0.77)]
    [InlineData(0.999)]
    public void The_beta_distribution_has_its_closed_forms(double x)
    {
        new BetaDistribution(1, 9).Cumulative(x).ShouldBe(1 - Math.Pow(1 - x, 9), 1e-13);
        new BetaDistribution(7, 1).Cumulative(x).ShouldBe(Math.Pow(x, 7), 1e-13);
        new BetaDistribution(2, 3).Cumulative(x).ShouldBe((6 * x * x) - (8 * x * x * x) + (3 * x * x * x * x), 1e-13);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(400)]
    public void The_gamma_distribution_counts_Poisson_events(int shape)
    {
        // P(Gamma(k, 1) ≤ x) = P(Poisson(x) ≥ k).
        foreach (var x in new[] { 0.5, 3.0, 380, 430 })
        {
            var below = Enumerable.Range(0, shape).Sum(n => Math.Exp((n * Math.Log(x)) - x - Enumerable.Range(1, n).Sum(i => Math.Log(i))));
            new GammaDistribution(shape, 1).Cumulative(x).ShouldBe(1 - below, 1e-10);
            new GammaDistribution(shape, 10).Cumulative(x / 10).ShouldBe(1 - below, 1e-10);
        }
    }

    [Theory]
    [InlineData(0.001)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Quantiles_are_where_the_distribution_says(double probability)
    {
        foreach (var beta in new BetaDistribution[] { new(1, 9), new(0.3, 0.4), new(30, 5), new(2_000, 30_000) })
        {
            beta.Cumulative(beta.Quantile(probability)).ShouldBe(probability, 1e-9);
        }

        foreach (var gamma in new GammaDistribution[] { new(0.2, 1), new(1, 0.01), new(50, 3), new(90_000, 2) })
        {
            gamma.Cumulative(gamma.Quantile(probability)).ShouldBe(probability, 1e-9);
        }

        Should.Throw<ArgumentOutOfRangeException>(() => new BetaDistribution(1, 1).Quantile(1));
    }

    [Fact]
    public void The_binomial_test_is_exact()
    {
        // 9 or 10 heads of 10: (10 + 1) / 1024.
        BinomialTest.AtLeast(9, 10).ShouldBe(11 / 1024.0, 1e-14);
        BinomialTest.AtLeast(0, 10).ShouldBe(1);
        BinomialTest.AtLeast(2, 2, 0.1).ShouldBe(0.01, 1e-14);
        BinomialTest.AtLeast(0, 0).ShouldBe(1);
        Should.Throw<ArgumentOutOfRangeException>(() => BinomialTest.AtLeast(3, 2));
    }
}
