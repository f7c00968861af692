using Wellmet.Science.Lifecycles;
using Wellmet.Science.Statistics;

namespace Wellmet.Tests.Science.Lifecycles;

/// <summary>Scores by fifths, names for pairs of them, and stages by each one's rhythm.</summary>
public sealed class QuantileScoresTest
{
    [Fact]
    public void Values_that_all_differ_are_cut_where_a_plain_sort_cuts_them()
    {
        var random = new SeededRandom(3);
        for (var n = 1; n <= 60; n++)
        {
            var values = Enumerable.Range(0, n).Select(i => i * 7L).OrderBy(_ => random.NextDouble()).ToList();
            var scores = QuantileScores.Of(values);
            var sorted = values.Order().ToList();
            for (var i = 0; i < n; i++)
            {
                // The middle of the i-th of n lies in this fifth.
                Assert.Equal((int)Math.Floor(5 * (sorted.IndexOf(values[i]) + 0.5) / n) + 1, scores[i]);
            }
            var sizes = scores.GroupBy(s => s).Select(g => g.Count()).ToList();
            Assert.True(n < 5 || (sizes.Count == 5 && sizes.Max() - sizes.Min() <= 1), $"{n}: {string.Join(' ', sizes)}");
        }
    }

    [Fact]
    public void Equal_values_get_the_score_of_their_middle_and_more_never_gets_less()
    {
        for (var seed = 0UL; seed < 300; seed++)
        {
            var random = new SeededRandom(seed);
            var values = Enumerable.Range(0, 1 + random.Next(80)).Select(_ => (long)random.Next(1 + random.Next(20))).ToList();
            var scores = QuantileScores.Of(values);
            for (var i = 0; i < values.Count; i++)
            {
                var (below, equal) = (values.Count(v => v < values[i]), values.Count(v => v == values[i]));
                Assert.Equal(1 + (int)Math.Floor(5m * (2 * below + equal) / (2 * values.Count)), scores[i]);
                Assert.All(Enumerable.Range(0, values.Count).Where(j => values[j] <= values[i]), j => Assert.True(scores[j] <= scores[i]));
            }
        }
        // Four of five bought once: they are in the middle of their own, and who bought twice stands out.
        Assert.Equal([3, 3, 3, 3, 5], QuantileScores.Of([1, 1, 1, 1, 2]));
        Assert.Empty(QuantileScores.Of([]));
    }

    [Fact]
    public void Every_pair_of_scores_has_a_name_and_every_name_a_pair()
    {
        var names = Enumerable.Range(1, 5).SelectMany(r => Enumerable.Range(1, 5).Select(v => RfmGroups.Of(r, v))).ToList();
        Assert.Equal(Enum.GetValues<RfmGroup>(), names.Distinct().Order());
        // The table that the user guide shows.
        var said = new Dictionary<string, RfmGroup> { ["potentially loyal"] = RfmGroup.PotentialLoyal, ["need attention"] = RfmGroup.NeedsAttention, ["about to fall asleep"] = RfmGroup.AboutToSleep, ["at risk"] = RfmGroup.AtRisk, ["not to be lost"] = RfmGroup.CannotLose };
        var rows = File.ReadLines(Path.Combine(Repository.Root, "docs/user-guide/computed-traits.md")).SkipWhile(l => !l.StartsWith("| recency", StringComparison.Ordinal)).Skip(2).Take(5).Select(l => l.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList();
        Assert.Equal(25, rows.Sum(r => r.Length - 1));
        Assert.All(rows, r => Assert.Equal(r.Skip(1).Select(n => said.TryGetValue(n, out var group) ? group : Enum.Parse<RfmGroup>(n, ignoreCase: true)), Enumerable.Range(1, 5).Select(v => RfmGroups.Of(r[0][0] - '0', v))));
        Assert.Equal((1, 3, 3, 5), (RfmGroups.ValueOf(1, 1), RfmGroups.ValueOf(2, 3), RfmGroups.ValueOf(1, 5), RfmGroups.ValueOf(4, 5)));
    }

    [Fact]
    public void A_rhythm_is_ones_own_the_more_it_is_known()
    {
        Assert.Equal([0, 10, 40], PurchaseRhythm.Purchases([0, 0.4, 0.9, 10, 10.99, 40]));
        Assert.Equal(20, PurchaseRhythm.MedianGap([0, 10, 40]));
        Assert.Null(PurchaseRhythm.MedianGap([3]));
        Assert.Equal(PurchaseRhythm.UnknownShop, PurchaseRhythm.OfShop([.. Enumerable.Repeat(10.0, 9)]));
        Assert.Equal(15, PurchaseRhythm.OfShop([5, 5, 5, 5, 10, 20, 30, 30, 30, 30]));
        Assert.Equal(100, PurchaseRhythm.Expected(null, 0, 100));
        // Two gaps weigh as much as the shop: the geometric mean. Of a hundred the shop matters little.
        Assert.Equal(20, PurchaseRhythm.Expected(4, 2, 100), 9);
        Assert.InRange(PurchaseRhythm.Expected(4, 100, 100), 4, 4.3);
    }

    [Theory]
    [InlineData(0, 5, LifecycleStage.Prospect)]
    [InlineData(1, 20, LifecycleStage.FirstTimeBuyer)]
    [InlineData(2, 20, LifecycleStage.Active)]
    [InlineData(1, 20.1, LifecycleStage.AtRisk)]
    [InlineData(2, 40, LifecycleStage.AtRisk)]
    [InlineData(2, 40.1, LifecycleStage.Lapsed)]
    [InlineData(5, 80, LifecycleStage.Lapsed)]
    [InlineData(5, 80.1, LifecycleStage.Lost)]
    public void A_silence_means_what_it_is_beside_the_rhythm(int purchases, double silence, LifecycleStage stage) => Assert.Equal(stage, PurchaseRhythm.StageOf(purchases, silence, expected: 10));
}
