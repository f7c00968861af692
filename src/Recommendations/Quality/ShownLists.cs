using Wellmet.Recommendations.Models;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Clocks;
using Wellmet.Science.Recommenders.Quality;

namespace Wellmet.Recommendations.Quality;

/// <summary>The lists that customers would have been shown at the cut of a <see cref="TimeSplit"/>, as <see cref="Serving.RecommendForCustomer"/> makes them: nothing they have, nothing unwelcome beside it, filled with best sellers.</summary>
internal sealed class ShownLists
{
    private const int Asked = 3 * ListQuality.Length;

    private readonly TimeSplit split;
    private readonly ShopHabits habits;
    private readonly Dictionary<int, PastPurchase[]> histories;
    private readonly int[] ranking;

    /// <param name="bestsellers">Of what was before the cut.</param>
    /// <param name="habits">Learned from what was before the cut, too.</param>
    public ShownLists(TimeSplit split, Bestsellers bestsellers, ShopHabits habits)
    {
        (this.split, this.habits) = (split, habits);
        ranking = [.. bestsellers.Ranking.ToArray().Select(b => b.Item)];
        var asked = split.Later.Select(l => l.User).ToHashSet();
        histories = OrderHistories.Of(split.Before).Select(h => (User: split.Before.OrderUsers[h[0].Order], History: h)).Where(h => asked.Contains(h.User)).ToDictionary(h => h.User, h => h.History);
    }

    /// <summary>Items, best first.</summary>
    public int[] Of(RecommenderModel model, int user)
    {
        var owned = split.Before.Users.Columns(user);
        var (history, gates, results) = (histories[user], new Gate[habits.NotAgain.TypeCount], new Recommendation[Math.Min(Asked, model.ItemCount)]);
        habits.NotAgain.ForTypes(history, split.Cut, gates);
        var found = model.ForYou.Recommend(owned, [], eligible: null, results);
        var best = results.Take(found).Where(r => r.Reason.Code == ReasonCode.Purchases).Select(r => (r.Item, Score: r.Score * Welcome(r.Item)))
            .Where(r => r.Score > 0).OrderByDescending(r => r.Score).Select(r => r.Item);
        HashSet<int> has = [.. owned];
        var fill = ranking.Where(item => !has.Contains(item) && Welcome(item) > 0);
        return [.. best.Concat(fill).Distinct().Take(ListQuality.Length)];

        float Welcome(int item) => habits.NotAgain.ForItem(item, history, gates).Factor;
    }
}
