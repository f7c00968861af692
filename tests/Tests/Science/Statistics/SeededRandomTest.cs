using Wellmet.Science.Statistics;

namespace Wellmet.Tests.Science.Statistics;

public sealed class SeededRandomTest
{
    [Fact]
    public void It_gives_the_published_numbers_of_SplitMix64()
    {
        var random = new SeededRandom(1234567);

        random.NextBits().ShouldBe(6457827717110365317UL);
        random.NextBits().ShouldBe(3203168211198807973UL);
    }

    [Fact]
    public void Numbers_are_spread_evenly_below_the_bound()
    {
        var random = new SeededRandom(1);
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++)
        {
            counts[random.Next(7)]++;
        }

        counts.ShouldAllBe(count => count > 9_600 && count < 10_400);
        Should.Throw<ArgumentOutOfRangeException>(() => random.Next(0));
    }
}
