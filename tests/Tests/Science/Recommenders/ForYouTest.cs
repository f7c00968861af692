using FsCheck;
using FsCheck.Fluent;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Statistics;

namespace Wellmet.Tests.Science.Recommenders;

public sealed class ForYouTest
{
    private static readonly GeneratedShop Shop = new(7);
    private static readonly ForYou Model = RecommenderModel.Train(Shop.Interactions).ForYou;

    [Fact]
    public void Nothing_bought_is_recommended_nothing_twice_and_only_what_is_eligible()
    {
        ForAnyCustomer((bought, weights, eligible, size) =>
        {
            var items = Recommend(bought, weights, eligible, size).Select(r => r.Item).ToArray();
            return items.All(eligible.Contains) && items.Distinct().Count() == items.Length && !items.Intersect(bought).Any();
        });
    }

    [Fact]
    public void Enough_eligible_items_give_a_full_list()
    {
        ForAnyCustomer((bought, weights, eligible, size) =>
        {
            var possible = Enumerable.Range(0, Shop.Items).Count(item => eligible.Contains(item) && !bought.Contains(item));
            return Recommend(bought, weights, eligible, size).Length == Math.Min(size, possible);
        });
    }

    [Fact]
    public void Scores_fall_and_recompute_from_the_contributions()
    {
        ForAnyCustomer((bought, weights, eligible, size) =>
        {
            var personal = Recommend(bought, weights, eligible, size).Where(r => r.Reason.Code == ReasonCode.Purchases).ToArray();
            return personal.Zip(personal.Skip(1)).All(pair => pair.First.Score >= pair.Second.Score)
                && personal.All(r => r.Score > 0 && Math.Abs(Contributions(bought, weights, r.Item).Sum() - r.Score) < 1e-5);
        });
    }

    [Fact]
    public void The_reason_names_the_two_strongest_purchases()
    {
        ForAnyCustomer((bought, weights, eligible, size) => Recommend(bought, weights, eligible, size)
            .Where(r => r.Reason.Code == ReasonCode.Purchases)
            .All(r =>
            {
                var parts = bought.Zip(Contributions(bought, weights, r.Item), (item, part) => (item, part)).Where(p => p.part > 0)
                    .OrderByDescending(p => p.part).Take(2).ToArray();
                return r.Reason.FirstContribution == parts[0].part
                    && r.Reason.FirstItem == parts[0].item
                    && r.Reason.SecondContribution == (parts.Length > 1 ? parts[1].part : 0)
                    && (r.Reason.SecondItem >= 0) == parts.Length > 1;
            }));
    }

    [Fact]
    public void Without_purchases_there_are_bestsellers_and_then_the_rest_of_the_catalogue()
    {
        var interactions = InteractionsBuilder.Build([new(0, 0, 1, 0, 1), new(0, 1, 1, 0, 1), new(0, 1, 2, 0, 1)], 1, 4);
        var results = new Recommendation[4];

        RecommenderModel.Train(interactions).ForYou.Recommend([], [], null, results).ShouldBe(4);

        results.Select(r => (r.Item, r.Reason.Code)).ShouldBe(
            [(1, ReasonCode.Bestseller), (2, ReasonCode.Bestseller), (0, ReasonCode.Catalogue), (3, ReasonCode.Catalogue)]);
    }

    [Fact]
    public void A_customer_is_shown_the_rest_of_the_group_first()
    {
        Recommend([0, 1], [1, 1], new ItemSet(Shop.Items, Enumerable.Range(0, Shop.Items)), 3).Select(r => r.Item).ShouldBe([2, 3, 4], ignoreOrder: true);
    }

    [Fact]
    public void Bad_purchases_are_refused()
    {
        var results = new Recommendation[3];

        Should.Throw<ArgumentOutOfRangeException>(() => Model.Recommend([Shop.Items], [], null, results));
        Should.Throw<ArgumentException>(() => Model.Recommend([1, 1], [], null, results)).Message.ShouldContain("Item 1 is given twice");
        Should.Throw<ArgumentException>(() => Model.Recommend([1, 2], [1f], null, results)).Message.ShouldContain("2 own items but 1 weights");
    }

    [Fact]
    public void A_warm_call_allocates_nothing()
    {
        int[] bought = [0, 1, 7];
        float[] weights = [1, 0.5f, 0.2f];
        var eligible = new ItemSet(Shop.Items, Enumerable.Range(0, Shop.Items));
        var results = new Recommendation[20];
        Model.Recommend(bought, weights, eligible, results);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Model.Recommend(bought, weights, eligible, results);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    /// <summary>In a large catalogue the taste of who owns little is looked for where the weights lead: to the neighbours of neighbours, and no further than that is needed.</summary>
    [Theory]
    [InlineData(3_000, true)]
    [InlineData(1_000, false)]
    public void Who_owns_little_is_shown_what_is_near_to_what_is_near(int items, bool near)
    {
        // Sixty people bought all of the first sixty items; the weights lead from the first one to the last of them, and from there back to the twentieth.
        var interactions = InteractionsBuilder.Build([.. Enumerable.Range(0, 60).SelectMany(u => Enumerable.Range(0, 60).Select(i => new Purchase(u, u, i, 0, 1)))], 60, items);
        var model = new ForYou(new Chain(items, 59, 20), Bestsellers.Train(interactions), new Taste(ImplicitAls.Train(interactions, new ImplicitAlsSettings(4, 10, 5, 5)), null, new TasteShares(1, 0)));
        var results = new Recommendation[30];
        model.Recommend([0], [], null, results);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var found = model.Recommend([0], [], null, results);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        found.ShouldBe(30);
        results.ShouldAllBe(r => r.Reason.Code == ReasonCode.Purchases && r.Item < 60);
        (results.Min(r => r.Item) >= 20).ShouldBe(near);
    }

    /// <summary>Links the first item with another one, that one with the one before it, and so on.</summary>
    private sealed class Chain(int items, int from, int to) : IItemWeights
    {
        private readonly int[] linked = [from, .. Enumerable.Range(0, items - 1)];
        private readonly float[] one = [.. Enumerable.Repeat(1f, items)];

        public int ItemCount => items;

        public WeightRow RowOf(int item) => item == 0 || (item <= from && item > to) ? new WeightRow(linked.AsSpan(item, 1), one.AsSpan(item, 1)) : default;
    }

    private static void ForAnyCustomer(Func<int[], float[], ItemSet, int, bool> holds) =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new SeededRandom((ulong)seed);
            int[] bought = [.. Enumerable.Range(0, Shop.Items).Where(_ => random.Next(6) == 0)];
            var weights = Array.ConvertAll(bought, _ => (float)random.NextDouble());
            var eligible = new ItemSet(Shop.Items, Enumerable.Range(0, Shop.Items).Where(_ => random.Next(3) > 0));
            return holds(bought, weights, eligible, random.Next(Shop.Items + 5));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    private static float[] Contributions(int[] bought, float[] weights, int item)
    {
        var contributions = new float[bought.Length];
        Model.Contributions(bought, weights, item, contributions);
        return contributions;
    }

    private static Recommendation[] Recommend(int[] bought, float[] weights, ItemSet eligible, int size)
    {
        var results = new Recommendation[size];
        return results[..Model.Recommend(bought, weights, eligible, results)];
    }
}
