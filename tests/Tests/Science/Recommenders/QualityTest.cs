using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Quality;

namespace Wellmet.Tests.Science.Recommenders;

public sealed class QualityTest
{
    private const long Day = 86_400;

    [Fact]
    public void What_came_after_the_cut_is_not_learned_and_only_what_is_new_is_to_be_foretold()
    {
        Purchase[] purchases =
        [
            new(0, 0, 0, 0, 1), new(0, 0, 1, 0, 1),
            new(1, 1, 0, 50 * Day, 1),
            // After day 90: user 0 buys 1 again and 2 for the first time, user 1 only what they have, user 2 comes new, somebody unknown buys 3.
            new(0, 2, 1, 95 * Day, 1), new(0, 2, 2, 95 * Day, 1),
            new(1, 3, 0, 96 * Day, 1),
            new(2, 4, 3, 97 * Day, 1),
            new(Purchase.Anonymous, 5, 3, 100 * Day, 1),
        ];

        var split = TimeSplit.Of(InteractionsBuilder.Build(purchases, 3, 4));

        split.Cut.ShouldBe(90 * Day);
        split.Before.OrderCount.ShouldBe(2);
        split.Before.Users.Columns(0).ToArray().ShouldBe([0, 1]);
        split.Before.Users.RowLength(2).ShouldBe(0);
        split.Before.LatestTime.ShouldBe(50 * Day);
        split.Later.Select(l => l.User).ShouldBe([0]);
        split.Later[0].New.ShouldBe([2]);
    }

    /// <summary>Forty users of two tastes: each buys two of the three items of theirs and later the third, the last twenty after the cut. What sells most by far is none of it.</summary>
    [Fact]
    public void A_list_is_measured_by_what_was_bought_of_it()
    {
        var (purchases, orders) = (new List<Purchase>(), 0);
        for (var user = 0; user < 40; user++)
        {
            var taste = 3 * (user % 2);
            Buy(user, user, taste, taste + 1);
            Buy(user, user < 20 ? 50 + user : 95, taste + 2);
        }
        for (var i = 0; i < 100; i++)
        {
            Buy(Purchase.Anonymous, 80 + (i % 20), [.. Enumerable.Range(6, 24)]);
        }

        var split = TimeSplit.Of(InteractionsBuilder.Build(purchases, 40, 30));
        var model = RecommenderModel.Train(split.Before);
        var quality = ListQuality.Of(split, List);
        var bestsellers = ListQuality.OfBestsellers(Bestsellers.Train(split.Before), split);

        split.Later.Count.ShouldBe(20);
        (quality.Customers, quality.Hit, quality.Recall).ShouldBe((20, 1, 1));
        quality.Ndcg.ShouldBeGreaterThan(0.9);
        quality.Coverage.ShouldBeInRange(0.1, 1);
        bestsellers.Hit.ShouldBe(0, "what is bought most now is none of it");
        ListQuality.Of(split, List, most: 5).Customers.ShouldBe(5);

        int[] List(int user)
        {
            var results = new Recommendation[ListQuality.Length];
            var found = model.ForYou.Recommend(split.Before.Users.Columns(user), [], null, results);
            return [.. results.Take(found).Select(r => r.Item)];
        }

        void Buy(int user, int day, params int[] items)
        {
            purchases.AddRange(items.Select(item => new Purchase(user, orders, item, day * Day, 1)));
            orders++;
        }
    }

    [Fact]
    public void Nothing_to_foretell_is_no_quality() => ListQuality.Of(TimeSplit.Of(InteractionsBuilder.Build([new(0, 0, 0, 0, 1)], 1, 1)), static _ => [0]).ShouldBe(default);
}
