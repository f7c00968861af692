using Wellmet.Science.Recommenders;

namespace Wellmet.Tests.Science.Recommenders;

public sealed class TrendTest
{
    private const long Day = 86_400;

    /// <summary>Item 0 sold twice, ten days before the last order; item 1 sold twice on the last day.</summary>
    private static readonly Interactions Shop = InteractionsBuilder.Build(
        [new(0, 0, 0, 0, 1), new(0, 1, 0, 0, 1), new(0, 2, 1, 10 * Day, 1), new(0, 3, 1, 10 * Day, 9)], 1, 3);

    [Fact]
    public void What_sells_now_rises_and_what_sold_once_falls()
    {
        // Recent with half-life 10 days: 1 and 2, of 3 in all; expected 1.5 each.
        var factors = Trend.Factors(Shop, new TrendSettings(HalfLifeDays: 10, Strength: 0.5, Prior: 2));

        factors[0].ShouldBe(MathF.Sqrt(3 / 3.5f), 1e-6f);
        factors[1].ShouldBe(MathF.Sqrt(4 / 3.5f), 1e-6f);
        factors[2].ShouldBe(1);
    }

    [Fact]
    public void Bestsellers_count_recent_orders_and_not_pieces()
    {
        var ranking = Bestsellers.Train(Shop, new BestsellersSettings(HalfLifeDays: 10)).Ranking.ToArray();

        ranking.ShouldBe([new Neighbour(1, 2), new Neighbour(0, 1), new Neighbour(2, 0)]);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(10, 0.5)]
    [InlineData(-5, 1)]
    public void A_half_life_halves(int ageDays, double weight)
    {
        Recency.Weight(time: 100 * Day - ageDays * Day, now: 100 * Day, halfLifeDays: 10).ShouldBe(weight, 1e-12);
    }

    [Fact]
    public void However_old_a_purchase_stays_one()
    {
        Recency.Weight(time: 0, now: 100_000 * Day, halfLifeDays: 1).ShouldBeGreaterThan(0);
        Should.Throw<ArgumentOutOfRangeException>(() => Recency.Weight(0, 0, halfLifeDays: 0));
    }
}
