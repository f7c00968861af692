using Wellmet.Platform.Log;

namespace Wellmet.Tests.Platform;

/// <summary>What a process knows of its own events without reading them.</summary>
public sealed class RecentEventsTest
{
    private static readonly EventTypes Types = Declared();
    private readonly RecentEvents recent = new(Types, new LogOptions());

    private abstract record Said(Guid SubjectId, DateTimeOffset OccurredAt, string Text) : ILogEvent;

    private sealed record A(Guid SubjectId, DateTimeOffset OccurredAt, string Text) : Said(SubjectId, OccurredAt, Text);

    private sealed record B(Guid SubjectId, DateTimeOffset OccurredAt, string Text) : Said(SubjectId, OccurredAt, Text);

    [Fact]
    public void A_stretch_is_known_only_where_all_of_it_is_and_holds_what_was_told_of_each_type_in_order()
    {
        // Committed out of order, as two transactions may be.
        Tell(1, 30, 35, "b");
        Tell(1, 10, 20, "a");
        Tell(1, 20, 30, "a", "b");

        Of(1, 10, 30, "c").ShouldBe([]);
        Of(1, 15, 33, "c").ShouldBe([]);
        Of(1, 10, 20, "b").ShouldBe([]);
        Of(1, 18, 33, "a").ShouldBe(["19a", "20a", "21a", "23a", "25a", "27a", "29a"]);
        Of(1, 26, 32, "a", "b").ShouldBe(["27a", "28b", "29a", "30b", "31b", "32b"]);
        Of(1, 9, 20, "c").ShouldBeNull();
        Of(1, 30, 36, "c").ShouldBeNull();
        Of(1, 35, 40, "c").ShouldBeNull();
        Of(2, 10, 20, "c").ShouldBeNull();
    }

    [Fact]
    public void A_gap_that_another_node_filled_is_read()
    {
        Tell(1, 10, 20, "a");
        Tell(1, 25, 30, "a");

        Of(1, 10, 30, "b").ShouldBeNull();
        Of(1, 22, 30, "b").ShouldBeNull();
        Of(1, 25, 30, "b").ShouldBe([]);
    }

    [Fact]
    public void What_is_old_is_read_again_first_by_who_wants_it_and_then_by_all()
    {
        for (var seq = 0; seq < 10_000; seq++)
        {
            Tell(1, seq, seq + 1, "a");
        }
        Tell(2, 0, 1, new string('x', 9_000_000));

        Of(1, 0, 10_000, "b").ShouldBeNull();
        Of(1, 9_900, 10_000, "b").ShouldBe([]);
        Of(1, 9_900, 10_000, "a").ShouldBeNull("more was told since than is held");
        Of(2, 0, 1, "b").ShouldBeNull("too much alone");
        Tell(1, 10_000, 10_001, "a");
        Of(1, 10_000, 10_001, "a").ShouldBe(["10001a"]);
    }

    [Fact]
    public void After_a_database_went_back_nothing_of_before_is_told()
    {
        Tell(1, 0, 10, "a");
        Tell(1, 10, 20, "a");
        Tell(2, 0, 10, "a");
        Tell(1, 8, 12, "b");

        Of(1, 8, 12, "a", "b").ShouldBe(["9b", "10b", "11b", "12b"]);
        Of(1, 12, 20, "a").ShouldBeNull();
        Of(1, 0, 8, "a").ShouldBeNull();
        recent.Ends().ShouldBe(new Dictionary<int, long> { [1] = 12, [2] = 10 }, ignoreOrder: true);
        recent.Forget(2);
        Of(2, 0, 10, "a").ShouldBeNull();
    }

    [Fact]
    public void It_is_told_as_the_log_has_it()
    {
        var said = new A(Guid.CreateVersion7(), DateTimeOffset.UnixEpoch, "a");
        recent.Add([new RecentEvent(said.SubjectId, said.OccurredAt, "a", Types.Write(said)) { Partition = 3, Seq = 1, Live = true, ImportId = Guid.Empty, Trace = [7] }]);
        var told = recent.Of(3, 0, 1, ["a"]).ShouldHaveSingleItem();

        told.ShouldBe(new Delivery(3, 1, said, true, Guid.Empty) { Trace = told.Trace });
        told.Trace.ShouldBe([7]);
        told.Event.ShouldNotBeSameAs(said);
        told.ShouldBeSameAs(recent.Of(3, 0, 1, ["a"])!.Single());
    }

    /// <summary>Tells events with the numbers after <paramref name="from"/>, of these types in turn.</summary>
    private void Tell(int partition, long from, long to, params string[] types) => recent.Add([.. Enumerable.Range(1, (int)(to - from)).Select(i =>
    {
        var text = types[(i - 1) % types.Length];
        Said said = text == "a" ? new A(Guid.CreateVersion7(), DateTimeOffset.UnixEpoch, text) : new B(Guid.CreateVersion7(), DateTimeOffset.UnixEpoch, text);
        return new RecentEvent(said.SubjectId, said.OccurredAt, Types.NameOf(said.GetType()), Types.Write(said)) { Partition = partition, Seq = from + i, Live = true, ImportId = null, Trace = null };
    })]);

    private List<string>? Of(int partition, long from, long to, params string[] wanted) => recent.Of(partition, from, to, wanted)?.Select(d => $"{d.Seq}{((Said)d.Event).Text}").ToList();

    private static EventTypes Declared()
    {
        var types = new EventTypes();
        types.Add("a", typeof(A));
        types.Add("b", typeof(B));
        return types;
    }
}
