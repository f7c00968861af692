using System.Globalization;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Statistics;

namespace Wellmet.Tests.Science.Recommenders;

public sealed class LiveRidgeTest
{
    private const int Depth = 20;
    private static readonly LocalRidgeSettings Settings = new(Neighbours: 100, Lambda: 10);

    /// <summary>
    /// An eighth of all that these few customers bought: most items have one or two buyers, and every event moves their lists. With long rows of the co-occurrence cut, as by default, and
    /// with none cut.
    /// </summary>
    [Fact]
    public void Three_thousand_events_of_a_thousand_customers_leave_it_as_a_full_rebuild_would() => Stream(1000, 3000, Settings).ShouldBeGreaterThanOrEqualTo(0.97);

    [Theory, InlineData(0, 0.97), InlineData(5000, 0.999), Trait("tier", "long")]
    public void Ten_thousand_events_of_three_thousand_customers_leave_it_as_a_full_rebuild_would(int rowLength, double least) =>
        Stream(3000, 10_000, Settings with { RowLength = rowLength }).ShouldBeGreaterThanOrEqualTo(least);

    [Fact, Trait("tier", "long")]
    public void Ten_thousand_events_of_all_customers_leave_it_as_a_full_rebuild_would() => Stream(int.MaxValue, 10_000, Settings).ShouldBeGreaterThanOrEqualTo(0.97);

    private static double Stream(int users, int count, LocalRidgeSettings settings)
    {
        var pairs = GowallaPairs(users);
        var random = new SeededRandom(4);
        pairs = [.. pairs.OrderBy(_ => random.NextDouble())];
        var (before, events) = (pairs[count..], pairs[..count]);
        var (userCount, items) = (pairs.Max(p => p.User) + 1, pairs.Max(p => p.Item) + 1);
        var start = InteractionsOf(before, userCount, items);
        var all = InteractionsOf(pairs, userCount, items);
        var live = new LiveRidge(start, LocalRidge.Train(start, settings), settings);

        var solved = 0;
        foreach (var chunk in events.Chunk(count / 2))
        {
            foreach (var (user, item) in chunk)
            {
                live.Add(user, item);
            }
            solved += live.Refresh(int.MaxValue);
        }

        var rebuilt = new ForYou(LocalRidge.Train(all, settings), Bestsellers.Train(all));
        var stale = Overlap(new ForYou(LocalRidge.Train(start, settings), Bestsellers.Train(start)), rebuilt, all);
        var overlap = Overlap(new ForYou(live.Take(), Bestsellers.Train(all)), rebuilt, all);
        TestContext.Current.TestOutputHelper!.WriteLine($"overlap of the first {Depth} with a full rebuild: {overlap:0.0000}; without updates {stale:0.0000}; {solved} items solved");
        overlap.ShouldBeGreaterThan(stale);
        return overlap;
    }

    [Fact]
    public void An_event_and_its_undoing_leave_the_weights_as_they_were()
    {
        var interactions = new GeneratedShop(5).Interactions;
        var weights = LocalRidge.Train(interactions, Settings);
        var live = new LiveRidge(interactions, weights, Settings);
        var item = Enumerable.Range(0, interactions.ItemCount).First(i => interactions.Users[0, i] == 0);

        live.Add(0, item);
        live.Refresh(int.MaxValue).ShouldBeGreaterThan(1);
        LargestDifference(weights, live).ShouldBeGreaterThan(1e-4f);
        live.Remove(0, item);
        live.Refresh(int.MaxValue);

        live.DirtyCount.ShouldBe(0);
        LargestDifference(weights, live).ShouldBeLessThan(1e-4f);
    }

    [Fact]
    public void A_customer_who_is_new_counts_and_nothing_counts_twice()
    {
        var interactions = new GeneratedShop(5).Interactions;
        var live = new LiveRidge(interactions, LocalRidge.Train(interactions, Settings), Settings);

        live.Add(interactions.UserCount + 7, 3);
        live.Add(interactions.UserCount + 7, 3);
        live.Remove(interactions.UserCount + 99, 3);

        var touched = 1 + Enumerable.Range(0, interactions.ItemCount).Count(target => target != 3 && live.Take().RowOf(3)[target] != 0);
        live.DirtyCount.ShouldBe(touched, "itself, and what it speaks for");
        live.Refresh(int.MaxValue).ShouldBe(touched);
        Should.Throw<ArgumentOutOfRangeException>(() => live.Add(0, interactions.ItemCount));
        Should.Throw<ArgumentOutOfRangeException>(() => live.Remove(-1, 0));
    }

    private static float LargestDifference(SparseMatrix weights, LiveRidge live)
    {
        var now = live.Take();
        return Enumerable.Range(0, live.ItemCount).Max(source => Enumerable.Range(0, live.ItemCount).Max(target => Math.Abs(weights[source, target] - now.RowOf(source)[target])));
    }

    private static double Overlap(ForYou one, ForYou other, Interactions owned)
    {
        var (a, b) = (new Recommendation[Depth], new Recommendation[Depth]);
        int[] users = [.. Enumerable.Range(0, owned.UserCount).Where(user => owned.Users.RowLength(user) > 0)];
        return users.Average(user =>
        {
            one.Recommend(owned.Users.Columns(user), [], null, a);
            other.Recommend(owned.Users.Columns(user), [], null, b);
            return a.Select(r => r.Item).Intersect(b.Select(r => r.Item)).Count() / (double)Depth;
        });
    }

    private static (int User, int Item)[] GowallaPairs(int users) =>
        [.. RealData.Lines("gowalla/train.txt.gz").Take(users).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .SelectMany(fields => fields.Skip(1).Select(item => (int.Parse(fields[0], CultureInfo.InvariantCulture), int.Parse(item, CultureInfo.InvariantCulture))))];

    /// <summary>One order a user who has any.</summary>
    private static Interactions InteractionsOf((int User, int Item)[] pairs, int users, int items)
    {
        int[] buyers = [.. pairs.Select(p => p.User).Distinct().Order()];
        return InteractionsBuilder.Build(pairs.Select(p => new Purchase(p.User, Array.BinarySearch(buyers, p.User), p.Item, 0, 1)), users, items);
    }
}
