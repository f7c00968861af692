using Wellmet.Science.Recommenders;

namespace Wellmet.Tests.Science.Recommenders;

public sealed class BoughtTogetherTest
{
    [Fact]
    public void The_score_is_the_shrunk_confidence()
    {
        // 20 orders: items 0 and 1 in six each, together in five; lift 2.78, G² 11.82.
        var neighbours = BoughtTogether.Train(Orders(both: 5, onlyFirst: 1, onlySecond: 1, neither: 13)).Of(0).ToArray();

        neighbours.ShouldHaveSingleItem().Item.ShouldBe(1);
        neighbours[0].Score.ShouldBe((5 + 5 * 6 / 20f) / (6 + 5), 1e-6f);
    }

    [Theory]
    [InlineData(4, 2, 2, 12, "too little evidence")]
    [InlineData(40, 20, 20, 40, "lift below two")]
    [InlineData(2, 0, 0, 200, "too few orders")]
    public void Chance_is_not_companionship(int both, int onlyFirst, int onlySecond, int neither, string why)
    {
        BoughtTogether.Train(Orders(both, onlyFirst, onlySecond, neither)).Of(0).Length.ShouldBe(0, why);
    }

    [Fact]
    public void It_has_a_direction()
    {
        var together = BoughtTogether.Train(Orders(both: 10, onlyFirst: 0, onlySecond: 20, neither: 200));

        together.Of(0)[0].Score.ShouldBeGreaterThan(together.Of(1)[0].Score);
    }

    [Fact]
    public void Bulk_orders_do_not_count()
    {
        var orders = Orders(both: 5, onlyFirst: 1, onlySecond: 1, neither: 13);

        BoughtTogether.Train(orders, new BoughtTogetherSettings { MaxItemsPerOrder = 1 }).Of(0).Length.ShouldBe(0);
    }

    [Fact]
    public void The_log_likelihood_ratio_is_Dunnings()
    {
        // Table 1 of Dunning 1993, the bigram "the swiss": 110, 2442, 111, 29114.
        BoughtTogether.LogLikelihoodRatio(both: 110, first: 110 + 2442, second: 110 + 111, all: 110 + 2442 + 111 + 29114).ShouldBe(270.72, 0.01);
    }

    /// <summary>Orders of unknown customers over items 0 and 1; item 2 stands in for anything else.</summary>
    private static Interactions Orders(int both, int onlyFirst, int onlySecond, int neither)
    {
        int[][] kinds = [[0, 1], [0], [1], [2]];
        var orders = new[] { both, onlyFirst, onlySecond, neither }.SelectMany((count, kind) => Enumerable.Repeat(kinds[kind], count));
        return InteractionsBuilder.Build(
            orders.SelectMany((items, order) => items.Select(item => new Purchase(Purchase.Anonymous, order, item, 0, 1))), 0, 3);
    }
}
