using System.Text;
using Wellmet.Science.Experiments;
using Wellmet.Science.Statistics;

namespace Wellmet.Tests.Science.Experiments;

public sealed class AssignmentTest
{
    private const int Units = 120_000;

    /// <summary>The reference numbers of the published implementation.</summary>
    [Theory]
    [InlineData("", 0xEF46DB3751D8E999UL)]
    [InlineData("a", 0xD24EC4F1A98C6E5BUL)]
    [InlineData("abc", 0x44BC2CF5AD770999UL)]
    [InlineData("message digest", 0x066ED728FCEEB3BEUL)]
    [InlineData("abcdefghijklmnopqrstuvwxyz", 0xCFE1F278FA89835CUL)]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 0xAAA46907D3047814UL)]
    public void The_hash_gives_the_published_numbers(string text, ulong hash) => XxHash64.Hash(Encoding.ASCII.GetBytes(text)).ShouldBe(hash);

    [Fact]
    public void Units_are_divided_by_the_weights_and_stay()
    {
        double[] weights = [50, 30, 20];
        var assignment = new Assignment("banner", weights);
        var counts = Count(assignment, 3);

        SampleRatio.Test(counts, weights).PValue.ShouldBeGreaterThan(0.001);
        counts.Sum().ShouldBe(Units);
        Ids().Take(1000).ShouldAllBe(id => assignment.Of(id) == new Assignment("banner", weights).Of(id));
    }

    [Fact]
    public void Experiments_with_other_salts_are_independent()
    {
        Assignment first = new("banner", [1, 1, 1]), second = new("price", [1, 1, 1]);
        var table = new long[9];
        foreach (var id in Ids())
        {
            table[3 * first.Of(id) + second.Of(id)]++;
        }

        SampleRatio.Test(table, [1, 1, 1, 1, 1, 1, 1, 1, 1]).PValue.ShouldBeGreaterThan(0.001);
    }

    [Fact]
    public void Raising_a_part_adds_units_and_moves_none()
    {
        Assignment small = new("banner", [1, 1], new LayerPart("front page", 0, 0.1)), large = new("banner", [1, 1], new LayerPart("front page", 0, 0.5));
        var (before, after) = (Ids().Select(id => small.Of(id)).ToList(), Ids().Select(id => large.Of(id)).ToList());

        before.Zip(after).ShouldAllBe(pair => pair.First == Assignment.None || pair.First == pair.Second);
        before.Count(v => v != Assignment.None).ShouldBeInRange(Units * 9 / 100, Units * 11 / 100);
        after.Count(v => v != Assignment.None).ShouldBeInRange(Units * 49 / 100, Units * 51 / 100);
    }

    [Fact]
    public void Parts_of_one_layer_exclude_each_other_and_the_hold_out_gets_nothing()
    {
        var holdout = new LayerPart("hold-out", 0, 0.05);
        Assignment first = new("banner", [1, 1], new LayerPart("front page", 0, 0.5), holdout), second = new("order", [1, 1], new LayerPart("front page", 0.5, 1), holdout);
        var both = Ids().Select(id => (First: first.Of(id), Second: second.Of(id))).ToList();

        both.ShouldAllBe(v => v.First == Assignment.None || v.Second == Assignment.None);
        both.Count(v => v is (Assignment.None, Assignment.None)).ShouldBeInRange(Units * 45 / 1000, Units * 55 / 1000);
    }

    [Fact]
    public void A_variant_of_weight_0_gets_nobody_and_weights_must_say_something()
    {
        Count(new Assignment("x", [0, 1, 0]), 3).ShouldBe([0, Units, 0]);
        foreach (var wrong in new double[][] { [], [0, 0], [1, -1], [double.NaN] })
        {
            Should.Throw<ArgumentException>(() => new Assignment("x", wrong));
        }
    }

    [Fact]
    public void A_mismatch_alarms_and_an_honest_division_seldom()
    {
        SampleRatio.Test([50_000, 50_900], [1, 1]).IsMismatch.ShouldBeFalse();
        SampleRatio.Test([50_000, 51_500], [1, 1]).IsMismatch.ShouldBeTrue();
        SampleRatio.Test([10, 3], [1, 0]).IsMismatch.ShouldBeTrue();
        SampleRatio.Test([0, 0], [1, 1]).ShouldBe(new SampleRatio(0, 1));
        // The coefficients of a table by hand: (10² + 10²) / 50 = 4.
        SampleRatio.Test([60, 40], [1, 1]).ChiSquare.ShouldBe(4, 1e-12);

        var random = new SeededRandom(7);
        var low = Enumerable.Range(0, 2000).Count(_ =>
        {
            var heads = Enumerable.Range(0, 1000).Count(_ => random.Next(3) == 0);
            return SampleRatio.Test([heads, 1000 - heads], [1, 2]).PValue < 0.05;
        });
        low.ShouldBeInRange(60, 140, "5 % of 2,000");
    }

    private static long[] Count(Assignment assignment, int variants)
    {
        var counts = new long[variants];
        foreach (var id in Ids())
        {
            counts[assignment.Of(id)]++;
        }
        return counts;
    }

    /// <summary>Ids as they really are: made one after the other, so their first bits are nearly the same.</summary>
    private static IEnumerable<Guid> Ids()
    {
        var start = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        var random = new SeededRandom(3);
        var bytes = new byte[16];
        for (var i = 0; i < Units; i++)
        {
            BitConverter.TryWriteBytes(bytes, (ulong)(start + i) << 16 | 0x7000);
            Array.Reverse(bytes, 0, 8);
            BitConverter.TryWriteBytes(bytes.AsSpan(8), random.NextBits());
            yield return new Guid(bytes, bigEndian: true);
        }
    }
}
