using Wellmet.Science.Products;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Clocks;
using Wellmet.Science.Recommenders.Types;

namespace Wellmet.Tests.Science.Recommenders.Clocks;

public sealed class NotAgainTest
{
    private const long Day = 86_400;
    private const int Kettle = 0, Coffee = 1, Book = 2, Stove = 3;

    /// <summary>Two items of each type: 0 and 1 kettles, 2 and 3 coffee, 4 and 5 books, 6 and 7 stoves. Item 8 has no type.</summary>
    private static readonly ItemTypes Types = new(
        TypeTree.Flat(4), [0, 0, 1, 1, 2, 2, 3, 3, TypeTree.None], [null, ProductKind.Consumable, ProductKind.Collectable, null]);

    private static readonly RepurchaseClocks Clocks = new(
        Types,
        [new(ProductKind.Durable, 200, 0.5f, 0, 0, 0), new(ProductKind.Consumable, 30, 0.2f, 0, 0.4f, 100), new(ProductKind.Collectable, 0, 0, 0, 0, 0), new(ProductKind.Durable, 180, 0.5f, 0, 0, 0)]);

    /// <summary>A stove boils water, too.</summary>
    private static readonly TypeRelations Relations = new(
        [0, 1, 1, 1, 1], [new(Stove, TypeLabel.Substitute, TypeEvidenceSource.Pair, 1, 3, 0)]);

    [Theory]
    [InlineData(0, 0, GateReason.OwnsType)]
    [InlineData(200, 0, GateReason.OwnsType)]
    [InlineData(245, 0.5, GateReason.OwnsType)]
    [InlineData(290, 1, GateReason.None)]
    public void What_is_kept_comes_back_slowly_after_its_time(int days, float factor, GateReason reason)
    {
        Ask(candidate: 1, days, new PastPurchase(0, 0, 0)).ShouldBe(new Gate(factor, reason, 0));
    }

    [Theory]
    [InlineData(11, 0, GateReason.NotUsedUp)]
    [InlineData(18, 0.5, GateReason.NotUsedUp)]
    [InlineData(30, 1.3, GateReason.Due)]
    [InlineData(60, 0.8, GateReason.Forgotten)]
    [InlineData(500, 0.3, GateReason.Forgotten)]
    public void What_is_used_up_comes_back_by_its_clock(int days, float factor, GateReason reason)
    {
        var gate = Ask(candidate: 3, days, new PastPurchase(0, 2, 0));

        gate.Factor.ShouldBe(factor, 1e-5f);
        gate.Reason.ShouldBe(reason);
        gate.Because.ShouldBe(2);
    }

    [Fact]
    public void Of_what_is_collected_and_of_what_has_no_type_only_the_same_item_is_left_out()
    {
        Ask(candidate: 5, days: 1, new PastPurchase(0, 4, 0)).Factor.ShouldBe(1);
        Ask(candidate: 4, days: 1, new PastPurchase(0, 4, 0)).ShouldBe(new Gate(0, GateReason.AlreadyBought, 4));
        Ask(candidate: 8, days: 1, new PastPurchase(0, 8, 0)).Reason.ShouldBe(GateReason.AlreadyBought);
        Ask(candidate: 8, days: 1, new PastPurchase(0, 0, 0)).ShouldBe(Gate.Open);
    }

    [Fact]
    public void What_does_the_same_is_held_back_as_long_and_only_in_its_direction()
    {
        Ask(candidate: 6, days: 100, new PastPurchase(0, 0, 0)).ShouldBe(new Gate(0, GateReason.OwnsSubstitute, 0));
        Ask(candidate: 6, days: 300, new PastPurchase(0, 0, 0)).ShouldBe(Gate.Open);
        Ask(candidate: 0, days: 100, new PastPurchase(0, 6, 0)).ShouldBe(Gate.Open);
        Ask(candidate: 6, days: 1, new PastPurchase(0, 2, 0)).ShouldBe(Gate.Open);
    }

    [Fact]
    public void A_present_says_nothing_of_what_the_giver_has()
    {
        Ask(candidate: 0, days: 1, new PastPurchase(0, 0, 0, IsGift: true)).ShouldBe(Gate.Open);
    }

    [Fact]
    public void The_own_rhythm_moves_the_clock()
    {
        // Six purchases, 60 days apart: five own intervals of 60 against three of 30.
        var history = Enumerable.Range(0, 6).Select(n => new PastPurchase(n, 2, n * 60 * Day)).ToArray();

        Clocks.TryPredictType(Coffee, history, out var prediction).ShouldBeTrue();

        var days = Math.Exp(((5 * Math.Log(60)) + (3 * Math.Log(30))) / 8);
        ((prediction.Expected - prediction.Last) / (double)Day).ShouldBe(days, 0.01);
        ((prediction.Latest - prediction.Last) / (double)Day).ShouldBe(days * Math.Exp(1.2816 * 0.2), 0.01);
        prediction.Purchases.ShouldBe(6);
        Clocks.TryPredictType(Kettle, [new PastPurchase(0, 0, 0)], out _).ShouldBeFalse();
        Clocks.TryPredictType(Book, history, out _).ShouldBeFalse();
    }

    [Fact]
    public void What_is_bought_often_and_is_due_stands_first_among_what_to_buy_again()
    {
        PastPurchase[] history =
        [
            new(0, 2, 0), new(0, 0, 0), new(1, 2, 30 * Day), new(2, 3, 60 * Day), new(2, 4, 60 * Day), new(3, 2, 90 * Day), new(3, 8, 90 * Day),
            new(4, 8, 150 * Day), new(5, 8, 210 * Day),
        ];
        var results = new AgainItem[5];

        var count = new BuyAgain(Clocks).Rank(history, 120 * Day, null, results);

        // Kettle and book are not used up; item 8 was bought three times, and just now.
        results[..count].Select(result => result.Item).ShouldBe([2, 3]);
        (results[0].Score / results[1].Score).ShouldBeGreaterThan(2);
        count = new BuyAgain(Clocks).Rank(history, 290 * Day, null, results);
        results[..count].Select(result => result.Item).ShouldContain(8);
        new BuyAgain(Clocks).Rank(history, 120 * Day, new ItemSet(9, [3]), results).ShouldBe(1);
        results[0].Item.ShouldBe(3);
    }

    [Fact]
    public void Asking_allocates_nothing()
    {
        var history = Enumerable.Range(0, 40).Select(n => new PastPurchase(n / 2, n % 8, n * 5 * Day)).ToArray();
        var (rule, again) = (new NotAgain(Clocks, Relations), new BuyAgain(Clocks));
        var (gates, results) = (new Gate[4], new AgainItem[5]);
        Run();

        var before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void Run()
        {
            rule.ForTypes(history, 300 * Day, gates);
            for (var item = 0; item < Types.ItemCount; item++)
            {
                rule.ForItem(item, history, gates);
            }

            again.Rank(history, 300 * Day, null, results);
        }
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        var rule = new NotAgain(Clocks);
        Should.Throw<ArgumentException>(() => rule.ForTypes([], 0, new Gate[3]));
        Should.Throw<ArgumentException>(() => rule.ForTypes([new(0, 0, 5), new(1, 0, 4)], 9, new Gate[4]));
        Should.Throw<ArgumentException>(() => new RepurchaseClocks(Types, []));
        Should.Throw<ArgumentException>(() => new TypeTree([1, 0]));
        Should.Throw<ArgumentException>(() => new ItemTypes(TypeTree.Flat(1), [1]));
    }

    private static Gate Ask(int candidate, int days, params PastPurchase[] history)
    {
        var rule = new NotAgain(Clocks, Relations);
        var gates = new Gate[rule.TypeCount];
        rule.ForTypes(history, days * Day, gates);
        return rule.ForItem(candidate, history, gates);
    }
}
