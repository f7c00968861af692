using System.Diagnostics;
using Wellmet.Science.Evaluation;
using Wellmet.Science.Recommenders;

namespace Wellmet.Bench.Recommendations;

/// <summary>
/// The protocol of LightGCN (He et al., SIGIR 2020) and the BARS leaderboard: every item that the user does not have in the training file is ranked;
/// Recall@20 = hits / items in the test file, NDCG@20 with binary relevance and the ideal list of min(20, items in the test file); mean over the users
/// of the test file.
/// </summary>
internal static class LightGcnProtocol
{
    private const int Depth = 20;

    /// <summary>What came of it.</summary>
    /// <param name="Coverage">Share of the catalogue in somebody's list.</param>
    /// <param name="UserMicroseconds">Wall time for all lists over the number of users, with their reasons.</param>
    public sealed record Outcome(double Recall, double Ndcg, double Coverage, double UserMicroseconds, int Users);

    public static Outcome Measure(ForYou model, IReadOnlyDictionary<int, int[]> train, IReadOnlyDictionary<int, int[]> test)
    {
        int[] users = [.. test.Keys.Order()];
        var own = Array.ConvertAll(users, user => train.GetValueOrDefault(user, []));
        var lists = Array.ConvertAll(users, _ => new Recommendation[Depth]);
        Parallel.For(0, Math.Min(users.Length, 100), i => model.Recommend(own[i], [], null, lists[i]));
        var started = Stopwatch.GetTimestamp();
        Parallel.For(0, users.Length, i => lists[i] = lists[i][..model.Recommend(own[i], [], null, lists[i])]);
        var took = Stopwatch.GetElapsedTime(started);
        var (recall, ndcg, shown) = (0.0, 0.0, new HashSet<int>());
        for (var i = 0; i < users.Length; i++)
        {
            var items = Array.ConvertAll(lists[i], result => result.Item);
            var later = test[users[i]].ToHashSet();
            recall += RankingMetrics.Recall(items, later) / users.Length;
            ndcg += RankingMetrics.Ndcg(items, later, Depth) / users.Length;
            shown.UnionWith(items);
        }
        return new Outcome(recall, ndcg, shown.Count / (double)model.ItemCount, took.TotalMicroseconds / Math.Max(1, users.Length), users.Length);
    }
}
