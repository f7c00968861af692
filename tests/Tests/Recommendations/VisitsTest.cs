using Wellmet.Recommendations.Intent;
using Wellmet.Science.Predictions;

namespace Wellmet.Tests.Recommendations;

/// <summary>How steps become visits, and what is known of a visit at a moment in it.</summary>
public sealed class VisitsTest
{
    private static readonly Guid Ann = Guid.CreateVersion7(), Visitor = Guid.CreateVersion7();

    /// <summary>A Monday, noon UTC.</summary>
    private static readonly long Start = new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    [Fact]
    public void Half_an_hour_of_silence_ends_a_visit_and_so_does_an_order()
    {
        var visits = Of(Step(0), Step(30), Step(61), Step(62, StepKind.Order), Step(63), Step(500, StepKind.Order), Step(600));

        visits.All.Select(v => (v.First, v.Count, v.Ordered, (v.Last - Start) / 60)).ShouldBe([(0, 2, false, 30), (2, 1, true, 61), (4, 1, false, 63), (6, 1, false, 600)]);
        visits.RunningAt(Start + (600 * 60) + 1800).ShouldBe(visits.All[3]);
        visits.RunningAt(Start + (600 * 60) + 1801).ShouldBeNull();
        Of(Step(0), Step(1, StepKind.Order)).RunningAt(Start + 90).ShouldBeNull("it ended with the order");
        Of(Step(0, StepKind.Order), Step(90, StepKind.Order)).All.ShouldBeEmpty("orders of files have no visit");
        Of().All.ShouldBeEmpty();
    }

    [Fact]
    public void Only_what_had_happened_by_then_is_known()
    {
        var visits = Of(
            Step(0, StepKind.Product) with { Product = 7 }, Step(1, StepKind.List), Step(2, StepKind.Product) with { Product = 7 }, Step(4, StepKind.Search), Step(5, StepKind.BasketAdd) with { Hundredths = 1500 },
            Step(6, StepKind.BasketAdd) with { Hundredths = 500 }, Step(8, StepKind.BasketRemove) with { Hundredths = 500 }, Step(9, StepKind.Checkout), Step(9, StepKind.Other), Step(10, StepKind.Order));
        var visit = visits.All.ShouldHaveSingleItem();

        visits.After(visit, 1).ShouldBe(new SessionFeatures(0, double.NaN, 1, 1, 0, 0, 0, 0, 0, 0, false, false, 0, 13, DayOfWeek.Monday));
        visits.After(visit, 5).ShouldBe(new SessionFeatures(300, 75, 2, 1, 1, 1, 0, 1, 0, 1500, false, false, 0, 13, DayOfWeek.Monday));
        visits.After(visit, visit.Count).ShouldBe(new SessionFeatures(540, 67.5, 2, 1, 1, 1, 1, 2, 1, 1500, true, false, 0, 13, DayOfWeek.Monday));
    }

    [Fact]
    public void Who_says_only_at_the_checkout_who_they_are_is_somebody_new_until_then()
    {
        const int day = 24 * 60;
        var visits = Of(Step(-50 * day), Step(-50 * day, StepKind.Order), Step(-20 * day), Step(0) with { Subject = Visitor, Known = false }, Step(1));
        var visit = visits.All[^1];

        var (before, after) = (visits.After(visit, 1), visits.After(visit, 2));
        (before.Returning, before.EarlierOrders).ShouldBe((false, null));
        (after.Returning, after.EarlierOrders).ShouldBe((true, 1));
        var long_ago = Of(Step(-31 * day), Step(0));
        long_ago.After(long_ago.All[1], 1).Returning.ShouldBe(false, "too long ago");
    }

    private static CustomerVisits Of(params VisitStep[] steps) => new(steps.Reverse(), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));

    private static VisitStep Step(int minute, StepKind kind = StepKind.Other) => new(Ann, Start + (minute * 60), kind, 0, 0, true);
}
