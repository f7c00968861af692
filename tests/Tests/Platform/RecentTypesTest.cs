using Wellmet.Platform.Log;

namespace Wellmet.Tests.Platform;

/// <summary>What a process knows of its own events without reading them.</summary>
public sealed class RecentTypesTest
{
    private readonly RecentTypes recent = new();

    [Fact]
    public void A_stretch_is_passed_over_only_where_all_of_it_is_known_and_holds_none()
    {
        // Committed out of order, as two transactions may be.
        recent.Add(1, 30, 35, ["b"]);
        recent.Add(1, 10, 20, ["a"]);
        recent.Add(1, 20, 30, ["a", "b"]);

        recent.HoldNone(1, 10, 30, ["c"]).ShouldBeTrue();
        recent.HoldNone(1, 15, 33, ["c"]).ShouldBeTrue();
        recent.HoldNone(1, 10, 20, ["b"]).ShouldBeTrue();
        recent.HoldNone(1, 10, 21, ["b"]).ShouldBeFalse();
        recent.HoldNone(1, 9, 20, ["c"]).ShouldBeFalse();
        recent.HoldNone(1, 30, 36, ["c"]).ShouldBeFalse();
        recent.HoldNone(1, 35, 40, ["c"]).ShouldBeFalse();
        recent.HoldNone(2, 10, 20, ["c"]).ShouldBeFalse();
    }

    [Fact]
    public void A_gap_that_another_node_filled_is_read()
    {
        recent.Add(1, 10, 20, ["a"]);
        recent.Add(1, 25, 30, ["a"]);

        recent.HoldNone(1, 10, 30, ["b"]).ShouldBeFalse();
        recent.HoldNone(1, 22, 30, ["b"]).ShouldBeFalse();
        recent.HoldNone(1, 25, 30, ["b"]).ShouldBeTrue();
    }

    [Fact]
    public void What_is_old_is_forgotten_and_then_read()
    {
        for (var seq = 0; seq < 10_000; seq++)
        {
            recent.Add(1, seq, seq + 1, ["a"]);
        }

        recent.HoldNone(1, 0, 10_000, ["b"]).ShouldBeFalse();
        recent.HoldNone(1, 9_900, 10_000, ["b"]).ShouldBeTrue();
    }
}
