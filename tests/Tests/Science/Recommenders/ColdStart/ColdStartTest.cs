using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.ColdStart;
using Wellmet.Science.Recommenders.Places;
using Wellmet.Science.Recommenders.Texts;

namespace Wellmet.Tests.Science.Recommenders.ColdStart;

public sealed class ColdStartTest
{
    private const int Items = 40, GroupSize = 5;

    [Fact]
    public void What_came_today_is_recommended_to_those_who_buy_what_is_like_it()
    {
        var shop = new GeneratedShop(4, users: 800);
        var interactions = shop.Interactions;
        var trained = LocalRidge.Train(interactions);
        int[] buyers = [.. Enumerable.Range(0, Items).Select(interactions.Items.RowLength)];
        // Item 40 is new, and its text is that of group 3.
        var blended = NewItemWeights.Blend(trained, buyers, Texts(Items + 1, item => item == Items ? 3 : item / GroupSize));

        blended.RowCount.ShouldBe(Items + 1);
        var strongest = Enumerable.Range(0, Items).OrderByDescending(owned => blended[owned, Items]).Take(GroupSize);
        strongest.ShouldBe(Enumerable.Range(3 * GroupSize, GroupSize), ignoreOrder: true);
        blended[16, Items].ShouldBe(0.6f * Enumerable.Range(15, 5).Average(near => trained[16, near]), 1e-6f);
    }

    [Fact]
    public void What_is_well_known_hardly_changes_and_threads_do_not_matter()
    {
        var interactions = new GeneratedShop(4, users: 800).Interactions;
        var trained = LocalRidge.Train(interactions);
        int[] buyers = [.. Enumerable.Range(0, Items).Select(interactions.Items.RowLength)];
        var texts = Texts(Items, item => item / GroupSize);

        var blended = NewItemWeights.Blend(trained, buyers, texts);

        var share = buyers[7] / (buyers[7] + 20f);
        int[] near = [5, 6, 8, 9];
        blended[3, 7].ShouldBe((share * trained[3, 7]) + ((1 - share) * 0.6f * near.Average(other => trained[3, other])), 1e-6f);
        Enumerable.Range(0, Items).ShouldAllBe(item => blended[item, item] == 0);
        NewItemWeights.Blend(trained, buyers, texts, run: new TrainingRun(1)).Values(3).ToArray().ShouldBe(NewItemWeights.Blend(trained, buyers, texts, run: new TrainingRun(3)).Values(3).ToArray());
        Should.Throw<ArgumentException>(() => NewItemWeights.Blend(trained, [1], texts));
    }

    [Fact]
    public void New_products_are_tried_until_it_is_known_which_are_clicked()
    {
        var (quota, clicks, shown, chosen) = (new NewItemQuota(), new int[4], new int[4], new Neighbour[1]);
        for (var visit = 0; visit < 4_000; visit++)
        {
            NewItem[] items = [.. Enumerable.Range(0, 4).Select(item => new NewItem(item, clicks[item], shown[item]))];
            quota.Choose(items, null, NewItemQuota.SeedOf(77, visit), chosen).ShouldBe(1);
            var item = chosen[0].Item;
            shown[item]++;
            // Item 2 is clicked every fifth time, the others every fiftieth.
            clicks[item] += shown[item] % (item == 2 ? 5 : 50) == 0 ? 1 : 0;
        }

        shown.ShouldAllBe(times => times > 5);
        shown[2].ShouldBeGreaterThan(3_000);
    }

    [Fact]
    public void The_same_seed_gives_the_same_choice_and_another_customer_gets_another()
    {
        NewItem[] items = [.. Enumerable.Range(0, 50).Select(item => new NewItem(item, 0, 0))];
        var (quota, chosen) = (new NewItemQuota(), new Neighbour[2]);
        int First(ulong customer, ItemSet? eligible = null) => quota.Choose(items, eligible, NewItemQuota.SeedOf(customer, 20_000), chosen) > 0 ? chosen[0].Item : -1;

        First(5).ShouldBe(First(5));
        Enumerable.Range(0, 30).Select(customer => First((ulong)customer)).Distinct().Count().ShouldBeGreaterThan(15);
        First(5, new ItemSet(50, [8])).ShouldBe(8);
        First(5, new ItemSet(50)).ShouldBe(-1);
        chosen[0].Item.ShouldNotBe(chosen[1].Item);
        (quota.PlacesIn(19), quota.PlacesIn(20), quota.PlacesIn(45)).ShouldBe((0, 1, 2));

        var before = GC.GetAllocatedBytesForCurrentThread();
        quota.Choose(items, null, 3, chosen);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void Somebody_unknown_sees_by_turns_what_their_place_likes_and_what_sells()
    {
        var bestsellers = new RegionalBestsellers(
            new PlaceTree([PlaceTree.Nowhere, 0]),
            new PlaceRanking([0, 2, 5], [new(0, 0.5f), new(1, 0.3f), new(0, 0.5f), new(1, 0.3f), new(2, 0.2f)]),
            new PlaceRanking([0, 0, 2], [new(2, 3), new(4, 2)]));
        var (list, results) = (new NewCustomerList(bestsellers), new Neighbour[4]);

        list.Rank(1, null, results).ShouldBe(4);
        results.Select(result => result.Item).ShouldBe([2, 0, 4, 1]);
        list.Rank(1, new ItemSet(5, [1, 2]), results).ShouldBe(2);
        list.Rank(0, null, results).ShouldBe(2);
        Should.Throw<ArgumentException>(() => list.Rank(0, null, new Neighbour[129]));
    }

    private static SimilarTexts Texts(int items, Func<int, int> groupOf)
    {
        string[] words = ["lamp brass", "tent canvas", "mug enamel", "scarf silk", "drum snare", "rug jute", "oar ash", "pin gold"];
        ItemText[] texts = [.. Enumerable.Range(0, items).Select(item => new ItemText(words[groupOf(item)]))];
        return SimilarTexts.Build(TextModel.Train(texts).Embed(texts));
    }
}
