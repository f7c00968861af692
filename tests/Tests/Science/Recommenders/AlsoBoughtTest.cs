using Wellmet.Science.Recommenders;
using Wellmet.Science.Statistics;

namespace Wellmet.Tests.Science.Recommenders;

public sealed class AlsoBoughtTest
{
    private static readonly AlsoBoughtSettings NoFilter = AlsoBoughtSettings.Cosine();

    /// <summary>Item 0 with customers 0 to 3, item 1 with 0 to 2, item 2 with 3 alone.</summary>
    private static readonly Interactions Small = Purchases([0, 1], [0, 1], [0, 1], [0, 2]);

    [Fact]
    public void The_score_is_the_cosine_over_customers()
    {
        var neighbours = AlsoBought.Train(Small, NoFilter).Of(0).ToArray();

        neighbours.Select(n => n.Item).ShouldBe([1, 2]);
        neighbours[0].Score.ShouldBe(3 / MathF.Sqrt(4 * 3), 1e-6f);
        neighbours[1].Score.ShouldBe(1 / MathF.Sqrt(4 * 1), 1e-6f);
    }

    [Fact]
    public void Old_purchases_and_customers_who_buy_everything_count_less()
    {
        const long halfLife = 180 * 86_400L;
        // Item 0 with item 1 half a year ago, and with item 2 now.
        var aged = InteractionsBuilder.Build([new(0, 0, 0, 0, 1), new(0, 0, 1, 0, 1), new(1, 1, 0, halfLife, 1), new(1, 1, 2, halfLife, 1)], 2, 3);
        var (recent, old) = (NoFilter with { RecencyExponent = 1, TargetExponent = 0 }, NoFilter with { TargetExponent = 0 });
        AlsoBought.Train(aged, recent).Of(0).ToArray().Select(n => (n.Item, n.Score)).ShouldBe([(2, 1 / 1.5f), (1, 0.5f / 1.5f)]);
        AlsoBought.Train(aged, old).Of(0).ToArray().Select(n => n.Score).ShouldBe([0.5f, 0.5f]);

        // With item 1 in a history of four, and with item 4 in one of two.
        var wide = Purchases([0, 1, 2, 3], [0, 4]);
        AlsoBought.Train(wide, NoFilter with { UserExponent = 1, TargetExponent = 0 }).Of(0)[0].ShouldBe(new Neighbour(4, 0.5f / 0.75f));
    }

    [Fact]
    public void Shrinkage_pulls_small_overlaps_down()
    {
        var neighbours = AlsoBought.Train(Small, NoFilter with { Shrinkage = 5 }).Of(0).ToArray();

        neighbours[0].Score.ShouldBe(3 / MathF.Sqrt(4 * 3) * 3 / (3 + 5), 1e-6f);
    }

    [Fact]
    public void Too_few_common_customers_are_no_evidence()
    {
        AlsoBought.Train(Small, NoFilter with { MinCustomers = 2 }).Of(0).ToArray().Select(n => n.Item).ShouldBe([1]);
    }

    [Fact]
    public void What_everybody_buys_anyway_is_not_unusual_and_a_true_pair_is()
    {
        var random = new SeededRandom(5);
        var histories = Enumerable.Range(0, 300).Select(user =>
        {
            var items = Enumerable.Range(2, 58).Where(_ => random.Next(3) == 0).ToList();
            return user % 10 == 0 ? [0, 1, .. items] : items.ToArray();
        });
        var interactions = Purchases([.. histories]);

        var unfiltered = AlsoBought.Train(interactions, NoFilter).Of(0).Length;
        var filtered = AlsoBought.Train(interactions).Of(0).ToArray();

        unfiltered.ShouldBe(59);
        filtered.First().Item.ShouldBe(1);
        filtered.Length.ShouldBeLessThanOrEqualTo(3);
    }

    [Fact]
    public void Only_the_closest_are_kept_and_ties_go_to_the_lower_item()
    {
        var interactions = Purchases([0, 3, 1, 2], [0, 3, 1, 2]);

        AlsoBought.Train(interactions, NoFilter with { Neighbours = 2 }).Of(0).ToArray().Select(n => n.Item).ShouldBe([1, 2]);
    }

    [Fact]
    public void The_closest_eligible_are_copied_in_order()
    {
        var neighbours = AlsoBought.Train(Purchases([0, 1, 2, 3], [0, 1, 2], [0, 1]), NoFilter);
        var top = new Neighbour[2];

        neighbours.Top(0, new ItemSet(4, [2, 3]), top).ShouldBe(2);
        top.Select(n => n.Item).ShouldBe([2, 3]);
        neighbours.Top(0, new ItemSet(4), top).ShouldBe(0);
    }

    private static Interactions Purchases(params int[][] histories) => InteractionsBuilder.Build(
        histories.SelectMany((items, user) => items.Select(item => new Purchase(user, user, item, 0, 1))),
        histories.Length,
        histories.SelectMany(items => items).Max() + 1);
}
