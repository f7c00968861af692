using Wellmet.Commerce.Contract;
using Wellmet.Recommendations.Predictions;

namespace Wellmet.Tests.Recommendations;

/// <summary>A customer as they stood on an earlier day: nothing that came later may be seen, or what is learnt from them would be what only the future tells.</summary>
public sealed class BuyerHistoryTest
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Guid Lamp = Guid.CreateVersion7(), Candle = Guid.CreateVersion7(), First = Guid.CreateVersion7(), Second = Guid.CreateVersion7();

    [Fact]
    public void What_comes_later_is_not_known_on_an_earlier_day()
    {
        var history = Whole();

        history.KeptBefore(Day(9)).ShouldBeEmpty();
        history.KeptBefore(Day(15)).Select(k => (k.ProductId, k.Pieces, k.AmountMinor)).ShouldBe([(Lamp, 1f, 2_000L), (Candle, 4f, 400L)], ignoreOrder: true);
        history.KeptBefore(Day(45)).Single().ShouldBe(new KeptProduct(0, Candle, Day(10), 4, 400), "the lamp had come back, and the second order was not placed");
        history.KeptBefore(Day(60)).Select(k => (k.Order, k.ProductId, k.Pieces, k.AmountMinor)).ShouldBe([(0, Candle, 4f, 400L), (1, Candle, 2f, 0L)]);
        history.PiecesBefore(Day(15)).ShouldBe((5, 0));
        history.PiecesBefore(Day(45)).ShouldBe((5, 1));
    }

    [Fact]
    public void What_was_looked_at_counts_for_thirty_days()
    {
        var history = Whole();

        history.InterestBefore(Day(9)).ShouldBe((1, 0, 1));
        history.InterestBefore(Day(12)).ShouldBe((1, 1, 2));
        history.InterestBefore(Day(39)).ShouldBe((0, 1, 29));
        history.InterestBefore(Day(45)).ShouldBe((0, 0, double.NaN));
    }

    [Fact]
    public void An_order_that_was_cancelled_within_the_time_is_none()
    {
        var history = Whole();

        history.OrderedWithin(Day(11), Day(41)).ShouldBeFalse();
        history.OrderedWithin(Day(40), Day(70)).ShouldBeTrue();
        history.Subtract(Second, Start.AddDays(65), [new(Candle, 2, 200)]);
        history.OrderedWithin(Day(40), Day(70)).ShouldBeFalse();
        history.OrderedWithin(Day(40), Day(64)).ShouldBeTrue("nobody knew of the cancellation then");
        history.Subtract(Guid.CreateVersion7(), Start.AddDays(66), [new(Candle, 4, 400)]);
        history.Subtract(null, Start.AddDays(66), [new(Candle, 4, 400)]);
        history.KeptBefore(Day(70)).Single().Pieces.ShouldBe(4, "what cannot be put down to an order is taken off none");
    }

    /// <summary>Looked on day 8, ordered a lamp and candles on day 10, sent the lamp back on day 40, ordered candles in another currency on day 50.</summary>
    private static BuyerHistory Whole()
    {
        var history = new BuyerHistory(Guid.CreateVersion7(), "GBP");
        history.Look(Start.AddDays(8), basket: false);
        history.Look(Start.AddDays(10), basket: true);
        history.Add(First, Start.AddDays(10), "GBP", [new(Lamp, 1, 2_000), new(Candle, 4, 400)]);
        history.Subtract(First, Start.AddDays(40), [new(Lamp, 1, 2_000)]);
        history.Add(Second, Start.AddDays(50), "EUR", [new(Candle, 2, 200)]);
        return history;
    }

    private static long Day(int day) => Start.AddDays(day).ToUnixTimeSeconds();
}
