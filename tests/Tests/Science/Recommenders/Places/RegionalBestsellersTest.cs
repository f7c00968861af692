using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Places;
using Wellmet.Science.Statistics;

namespace Wellmet.Tests.Science.Recommenders.Places;

public sealed class RegionalBestsellersTest
{
    private const long Day = 86_400;
    private const int World = 0, France = 1, Lyon = 2, Japan = 3, Nice = 4;

    private static readonly PlaceTree Places = new([PlaceTree.Nowhere, World, France, World, France]);

    [Fact]
    public void A_share_is_shrunk_to_that_of_the_place_around()
    {
        // Lyon: three of item 1; Japan: one of item 0. World: 1/4 and 3/4. France: (3 + 10 × 3/4) / 13. κ = 10.
        var model = Train([new(Lyon, 1, 0), new(Lyon, 1, 0), new(Lyon, 1, 0), new(Japan, 0, 0)]);

        var france = (3 + 7.5) / 13;
        model.Shares.Of(World).ToArray().ShouldBe([new(1, 0.75f), new(0, 0.25f)]);
        model.Shares.Of(France)[0].Score.ShouldBe((float)france, 1e-6f);
        model.Shares.Of(Lyon)[0].Score.ShouldBe((float)((3 + (10 * france)) / 13), 1e-6f);
        model.Shares.Of(Nice)[0].ShouldBe(model.Shares.Of(France)[0]);
        model.Shares.Of(Japan)[1].Score.ShouldBe((1 + 2.5f) / 11, 1e-6f);
    }

    [Fact]
    public void What_was_sold_a_half_life_ago_counts_half()
    {
        var model = Train([new(World, 0, 0), new(World, 1, -14 * Day), new(World, 1, -28 * Day)]);

        model.Shares.Of(World).ToArray().ShouldBe([new(0, 4 / 7f), new(1, 3 / 7f)]);
    }

    [Fact]
    public void Near_you_is_what_sells_more_there_and_where_nothing_does_the_place_around_answers()
    {
        var random = new SeededRandom(3);
        var sales = new List<Sale>();
        for (var n = 0; n < 4_000; n++)
        {
            var place = 1 + random.Next(4);
            // In Japan every second sale is of items 0 to 4; else any of 50.
            sales.Add(new Sale(place, place == Japan && n % 2 == 0 ? random.Next(5) : random.Next(50), 0));
        }

        var model = Train(sales, 50);
        var results = new Neighbour[10];

        var count = model.NearYou(Japan, null, results, out var from);
        results[..count].Select(result => result.Item).ShouldBe([0, 1, 2, 3, 4], ignoreOrder: true);
        results[..count].ShouldAllBe(result => result.Score > 3);
        from.ShouldBe(Japan);
        model.NearYou(Japan, new ItemSet(50, [3, 7]), results, out _).ShouldBe(1);
        results[0].Item.ShouldBe(3);

        // One sale is no evidence.
        model = Train([.. sales.Where(sale => sale.Place == Japan), .. Enumerable.Range(0, 300).Select(n => new Sale(Lyon, 40 + (n % 10), 0)), new(Nice, 11, 0)], 50);
        count = model.NearYou(Nice, null, results, out from);
        from.ShouldBe(France);
        results[..count].ShouldAllBe(result => result.Item >= 40);
    }

    [Fact]
    public void Only_what_may_be_shown_is_answered_and_nothing_is_allocated()
    {
        var model = Train([new(Lyon, 1, 0), new(Lyon, 2, 0), new(Japan, 0, 0)]);
        var (results, eligible) = (new Neighbour[3], new ItemSet(50, [2]));
        model.Top(Lyon, eligible, results).ShouldBe(1);
        results[0].Item.ShouldBe(2);

        var before = GC.GetAllocatedBytesForCurrentThread();
        model.Top(Lyon, eligible, results);
        model.NearYou(Lyon, eligible, results, out _);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void Nothing_sold_and_wrong_places_are_told_apart()
    {
        Train([]).Top(Lyon, null, new Neighbour[1]).ShouldBe(0);
        Train([]).NearYou(Lyon, null, new Neighbour[1], out var from).ShouldBe(0);
        from.ShouldBe(PlaceTree.Nowhere);
        Should.Throw<ArgumentOutOfRangeException>(() => Train([new(5, 0, 0)]));
        Should.Throw<ArgumentOutOfRangeException>(() => Train([new(0, -1, 0)]));
        Should.Throw<ArgumentException>(() => new PlaceTree([PlaceTree.Nowhere, 2, 0]));
        Should.Throw<ArgumentException>(() => new PlaceTree([PlaceTree.Nowhere, PlaceTree.Nowhere]));
    }

    private static RegionalBestsellers Train(IEnumerable<Sale> sales, int items = 3)
    {
        var trainer = new RegionalBestsellersTrainer(Places, items, 0, new RegionalSettings { Shrinkage = 10 });
        foreach (var sale in sales)
        {
            trainer.Add(sale);
        }

        return trainer.Train();
    }
}
