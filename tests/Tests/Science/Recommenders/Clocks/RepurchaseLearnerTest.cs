using Wellmet.Science.Products;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Clocks;

namespace Wellmet.Tests.Science.Recommenders.Clocks;

public sealed class RepurchaseLearnerTest
{
    private const long Day = 86_400;

    /// <summary>Types 0 and 1 below type 2; item = type.</summary>
    private static readonly ItemTypes Types = new(new TypeTree([2, 2, TypeTree.None]), [0, 1, 2]);

    [Fact]
    public void What_most_buy_again_is_used_up()
    {
        var clock = Learn(Types, user => [new(0, 0, 0), new(1, 0, (20 + user % 3) * Day)]).Clocks[0];

        clock.Kind.ShouldBe(ProductKind.Consumable);
        clock.Interval.ShouldBe(21, 0.01f);
        clock.Intervals.ShouldBe(60);
    }

    [Fact]
    public void Presents_second_lines_of_a_day_and_late_repeats_are_no_repeats()
    {
        Learn(Types, user => [new(0, 0, 0), new(1, 0, 20 * Day, IsGift: true)]).Clocks[0].Kind.ShouldBe(ProductKind.Durable);
        Learn(Types, user => [new(0, 0, 0), new(1, 0, Day / 2)]).Clocks[0].Intervals.ShouldBe(0);
        Learn(Types, user => [new(0, 0, 0), new(1, 0, 190 * Day)]).Clocks[0].Kind.ShouldBe(ProductKind.Durable);
    }

    [Fact]
    public void What_cannot_be_known_yet_does_not_count_as_no_repeat()
    {
        // Ninety buy in the last days: they may still come back.
        var learner = new RepurchaseLearner(Types, 400 * Day);
        for (var user = 0; user < 150; user++)
        {
            learner.Add(user < 60 ? [new(0, 0, 0), new(1, 0, 20 * Day)] : [new PastPurchase(0, 0, 395 * Day)]);
        }

        // Half of the 120 known ones were repeated.
        learner.Learn().Clocks[0].RepeatRate.ShouldBeInRange(0.38f, 0.5f);
    }

    [Fact]
    public void What_is_kept_long_but_bought_again_cools_down_for_half_the_interval()
    {
        var clock = Learn(Types, user => [new(0, 0, 0), new(1, 0, 800 * Day)]).Clocks[0];

        clock.Kind.ShouldBe(ProductKind.Durable);
        clock.Interval.ShouldBe(400, 1);
    }

    [Fact]
    public void A_type_said_to_be_used_up_takes_its_rhythm_from_its_parent_until_it_has_its_own()
    {
        var said = new ItemTypes(new TypeTree([2, 2, TypeTree.None]), [0, 1, 2], [null, ProductKind.Consumable, null]);

        var clock = Learn(said, user => [new(0, 0, 0), new(1, 0, 20 * Day)]).Clocks[1];

        clock.Kind.ShouldBe(ProductKind.Consumable);
        clock.Interval.ShouldBe(20, 0.01f);
        clock.Intervals.ShouldBe(0);
    }

    [Fact]
    public void Of_what_households_have_several_only_the_same_item_is_left_out()
    {
        Learn(Types, user => [new(0, 0, 0, Quantity: 4)]).Clocks[0].Kind.ShouldBe(ProductKind.Collectable);
    }

    [Fact]
    public void Twice_the_pieces_last_longer_where_they_did()
    {
        var clock = Learn(Types, user => [new(0, 0, 0, user % 2 == 0 ? 1 : 4), new(1, 0, (user % 2 == 0 ? 20 : 80) * Day)], users: 600).Clocks[0];

        clock.Stretch.ShouldBe(1, 0.1f);
        clock.Interval.ShouldBe(20, 2);
    }

    [Fact]
    public void The_order_of_the_customers_does_not_matter()
    {
        PastPurchase[][] histories = [.. Enumerable.Range(0, 100).Select(user => new PastPurchase[] { new(0, user % 2, 0, 1 + user % 3), new(1, user % 2, (15 + user) * Day) })];

        RepurchaseClocks Of(IEnumerable<PastPurchase[]> all)
        {
            var learner = new RepurchaseLearner(Types, 500 * Day);
            all.ToList().ForEach(history => learner.Add(history));
            return learner.Learn();
        }

        Of(histories).Clocks.ToArray().ShouldBe(Of(histories.Reverse()).Clocks.ToArray());
    }

    private static RepurchaseClocks Learn(ItemTypes types, Func<int, PastPurchase[]> history, int users = 60)
    {
        var learner = new RepurchaseLearner(types, 1_000 * Day);
        for (var user = 0; user < users; user++)
        {
            learner.Add(history(user));
        }

        return learner.Learn();
    }
}
