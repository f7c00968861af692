using System.Globalization;
using Wellmet.Science.Evaluation;
using Wellmet.Science.Recommenders;

namespace Wellmet.Tests.Science.Recommenders;

/// <summary>Accuracy on public data, against the published or separately measured numbers, so that the parts are known to be right.</summary>
public sealed class PublicDataTest
{
    private const int Depth = 20;

    [Fact]
    public void Cosine_item_item_on_Gowalla_is_the_reference()
    {
        var train = Histories("gowalla/train.txt.gz");
        var interactions = WithoutTimes(train, items: 40_981);
        // The reference keeps an item among its own 100 neighbours.
        var cosine = AlsoBought.Train(interactions, new AlsoBoughtSettings(99, Shrinkage: 0, MinCustomers: 1, MinUnusualness: double.NegativeInfinity));

        var (recall, ndcg) = Measure(new ForYou(Weights(cosine), Bestsellers.Train(interactions)), train, Histories("gowalla/test.txt.gz"));

        recall.ShouldBe(0.1157, 0.002);
        ndcg.ShouldBe(0.0840, 0.002);
    }

    [Fact]
    public void Local_ridge_on_MovieLens_beats_the_published_UltraGCN_in_ranking()
    {
        var train = Histories("movielens-1m/train.txt.gz");
        var interactions = WithoutTimes(train, items: 3_043);

        var (recall, ndcg) = Measure(RecommenderModel.Train(interactions).ForYou, train, Histories("movielens-1m/test.txt.gz"));

        recall.ShouldBeGreaterThan(0.2740);
        ndcg.ShouldBeGreaterThan(0.2642);
    }

    [Fact]
    public void The_last_quarter_of_a_gift_shop_is_foretold_better_than_by_cosine_and_by_bestsellers()
    {
        var shop = new RetailSplit(new DateTime(2011, 9, 9));
        var model = RecommenderModel.Train(shop.Before);
        var cosine = new ForYou(Weights(model.AlsoBought), model.Bestsellers);
        var noWeights = new ForYou(Weights(new Neighbours(new int[shop.Before.ItemCount + 1], [])), model.Bestsellers);

        var (recall, ndcg) = shop.Measure(model.ForYou, Depth);
        var (cosineRecall, cosineNdcg) = shop.Measure(cosine, Depth);
        var (bestsellerRecall, bestsellerNdcg) = shop.Measure(noWeights, Depth);

        recall.ShouldBeGreaterThan(Math.Max(0.080, 1.15 * cosineRecall));
        ndcg.ShouldBeGreaterThan(Math.Max(0.118, 1.10 * cosineNdcg));
        recall.ShouldBeGreaterThan(2 * bestsellerRecall);
        ndcg.ShouldBeGreaterThan(2 * bestsellerNdcg);
    }

    private static (double Recall, double Ndcg) Measure(ForYou model, Dictionary<int, int[]> train, Dictionary<int, int[]> test)
    {
        var results = new Recommendation[Depth];
        var users = test.Where(user => user.Value.Length > 0 && train.ContainsKey(user.Key)).ToArray();
        var (recall, ndcg) = (0.0, 0.0);
        foreach (var (user, later) in users)
        {
            var items = Array.ConvertAll(results[..model.Recommend(train[user], [], null, results)], result => result.Item);
            recall += RankingMetrics.Recall(items, later.ToHashSet()) / users.Length;
            ndcg += RankingMetrics.Ndcg(items, later.ToHashSet(), Depth) / users.Length;
        }
        return (recall, ndcg);
    }

    /// <summary>One line a user: the user, then the items.</summary>
    private static Dictionary<int, int[]> Histories(string file) =>
        RealData.Lines(file).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(fields => fields.Length > 1)
            .Select(fields => Array.ConvertAll(fields, field => int.Parse(field, CultureInfo.InvariantCulture)))
            .ToDictionary(numbers => numbers[0], numbers => numbers[1..]);

    private static Interactions WithoutTimes(Dictionary<int, int[]> histories, int items)
    {
        var users = histories.Keys.Order().ToArray();
        return InteractionsBuilder.Build(
            users.SelectMany((user, order) => histories[user].Select(item => new Purchase(user, order, item, 0, 1))), users[^1] + 1, items);
    }

    private static SparseMatrix Weights(Neighbours neighbours)
    {
        var rows = Enumerable.Range(0, neighbours.ItemCount).Select(item => neighbours.Of(item).ToArray().OrderBy(n => n.Item).ToArray()).ToArray();
        var offsets = new int[rows.Length + 1];
        for (var item = 0; item < rows.Length; item++)
        {
            offsets[item + 1] = offsets[item] + rows[item].Length;
        }
        var all = rows.SelectMany(row => row).ToArray();
        return new SparseMatrix(rows.Length, offsets, Array.ConvertAll(all, n => n.Item), Array.ConvertAll(all, n => n.Score));
    }
}
