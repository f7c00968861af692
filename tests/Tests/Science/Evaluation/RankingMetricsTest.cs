using Wellmet.Science.Evaluation;

namespace Wellmet.Tests.Science.Evaluation;

public sealed class RankingMetricsTest
{
    private static readonly HashSet<int> Relevant = [2, 9, 5];

    [Fact]
    public void Recall_is_the_share_found()
    {
        RankingMetrics.Recall([1, 2, 3, 5], Relevant).ShouldBe(2 / 3.0, 1e-12);
        RankingMetrics.Recall([1], new HashSet<int>()).ShouldBe(0);
    }

    [Fact]
    public void A_hit_is_at_least_one()
    {
        RankingMetrics.HitRate([1, 9], Relevant).ShouldBe(1);
        RankingMetrics.HitRate([1, 3], Relevant).ShouldBe(0);
    }

    [Fact]
    public void Gain_falls_with_the_rank()
    {
        // Hits on ranks 2 and 4 of 4; the ideal list has three hits on top.
        var expected = (1 / Math.Log2(3) + 1 / Math.Log2(5)) / (1 + 1 / Math.Log2(3) + 1 / Math.Log2(4));

        RankingMetrics.Ndcg([1, 2, 3, 5], Relevant, depth: 4).ShouldBe(expected, 1e-12);
        RankingMetrics.Ndcg([9, 5, 2], Relevant, depth: 20).ShouldBe(1, 1e-12);
        RankingMetrics.Ndcg([9], Relevant, depth: 1).ShouldBe(1, 1e-12);
    }
}
