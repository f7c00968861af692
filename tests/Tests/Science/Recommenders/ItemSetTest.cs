using Wellmet.Science.Recommenders;

namespace Wellmet.Tests.Science.Recommenders;

public sealed class ItemSetTest
{
    [Fact]
    public void It_holds_what_was_added_and_not_removed()
    {
        var set = new ItemSet(130, [0, 63, 64, 129]);
        set.Remove(63);

        Enumerable.Range(-1, 140).Where(set.Contains).ShouldBe([0, 64, 129]);
        set.Count.ShouldBe(3);
    }

    [Fact]
    public void Items_outside_its_range_are_refused()
    {
        var set = new ItemSet(10);

        Should.Throw<ArgumentOutOfRangeException>(() => set.Add(10));
        Should.Throw<ArgumentOutOfRangeException>(() => set.Remove(-1));
    }
}
