using Wellmet.Science.Evaluation;

namespace Wellmet.Science.Recommenders.Quality;

/// <summary>How well lists foretell what customers bought for the first time after a <see cref="TimeSplit"/>; all in [0, 1].</summary>
/// <param name="Customers">Who bought something new, and was asked about.</param>
/// <param name="Hit">Share of them who bought at least one of their list.</param>
/// <param name="Recall">Share of what they bought that was in their list, mean over them.</param>
/// <param name="Ndcg">The same where places count, see <see cref="RankingMetrics.Ndcg"/>.</param>
/// <param name="Coverage">Share of all items that stood in at least one list.</param>
public readonly record struct ListQuality(int Customers, double Hit, double Recall, double Ndcg, double Coverage)
{
    /// <summary>Places of a list.</summary>
    public const int Length = 20;

    /// <summary>Of what sells best, without what a customer has: what any list must beat.</summary>
    public static ListQuality OfBestsellers(Bestsellers bestsellers, TimeSplit split, int most = 20_000)
    {
        ArgumentNullException.ThrowIfNull(bestsellers);
        return Of(split, user =>
        {
            var owned = split.Before.Users.Columns(user);
            var (list, count) = (new int[Length], 0);
            foreach (var (item, _) in bestsellers.Ranking)
            {
                if (count < Length && owned.BinarySearch(item) < 0)
                {
                    list[count++] = item;
                }
            }

            return list[..count];
        }, most);
    }

    /// <param name="split">Where what came later is known.</param>
    /// <param name="listOf">A user's list: items, best first, at most <see cref="Length"/>.</param>
    /// <param name="most">At most so many customers, evenly from all.</param>
    public static ListQuality Of(TimeSplit split, Func<int, int[]> listOf, int most = 20_000)
    {
        ArgumentNullException.ThrowIfNull(split);
        ArgumentNullException.ThrowIfNull(listOf);
        var step = Math.Max(1, (split.Later.Count + most - 1) / most);
        var (customers, hit, recall, ndcg, use) = (0, 0.0, 0.0, 0.0, new CatalogueUse(split.Before.ItemCount));
        for (var at = 0; at < split.Later.Count; at += step)
        {
            var list = listOf(split.Later[at].User);
            var bought = split.Later[at].New.ToHashSet();
            customers++;
            hit += RankingMetrics.HitRate(list, bought);
            recall += RankingMetrics.Recall(list, bought);
            ndcg += RankingMetrics.Ndcg(list, bought, Length);
            use.Add(list);
        }

        return customers == 0 ? default : new ListQuality(customers, hit / customers, recall / customers, ndcg / customers, use.Coverage);
    }
}
