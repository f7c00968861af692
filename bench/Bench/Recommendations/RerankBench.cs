using Wellmet.Science.Products;
using Wellmet.Science.Recommenders;

namespace Wellmet.Bench.Recommendations;

/// <summary>
/// A search for a type of product, such as "lantern", that puts what sells best first, against the same list in the order for the customer (<see cref="PersonalOrder"/>): where the product stands that
/// they bought for the first time in the last months of a sales file, foretold from before. Mean of 1 / place over each customer's purchases, then over customers; the difference with a 95 % bootstrap
/// interval over customers. <c>--data</c>, <c>--months</c>: see <see cref="LastMonths"/>.
/// </summary>
internal sealed class RerankBench : IBench
{
    private const int Most = 200;

    public string Name => "rerank";
    public string Summary => "Where a search puts what a customer then buys: by what sells best, and in the order for the customer";

    public Task<BenchResult> RunAsync(BenchArguments arguments, CancellationToken ct)
    {
        var data = LastMonths.Learn(arguments, ct);
        var (model, interactions) = (data.Model, data.Interactions);
        var nouns = data.Before.GroupBy(line => data.Items[line.Item]).ToDictionary(bought => bought.Key, bought => ProductTypeInference.Infer(bought.Last().Description).Noun);
        var searches = model.Bestsellers.Ranking.ToArray().Select(b => b.Item).Where(item => nouns.GetValueOrDefault(item) is not null).GroupBy(item => nouns[item]!)
            .Where(found => found.Count() > 1).ToDictionary(found => found.Key, found => found.Take(Most).ToArray());
        var later = data.Later.Select(c => (c.User, New: c.New.Where(item => nouns.GetValueOrDefault(item) is { } noun && searches.TryGetValue(noun, out var found) && found.Contains(item)).ToList()))
            .Where(c => c.New.Count > 0).ToList();
        var found = later.ConvertAll(c => Places(model, interactions.Users.Columns(c.User), c.New, item => searches[nouns[item]!]));
        var (low, high) = BootstrapInterval.Of([.. found.Select(f => f.Personal - f.Search)]);
        return Task.FromResult(new BenchResult(
            new Dictionary<string, object?> { ["file"] = data.File, ["months"] = data.Months, ["customers"] = later.Count, ["purchases"] = later.Sum(c => c.New.Count), ["searches"] = searches.Count },
            new Dictionary<string, double>
            {
                ["mrr_search"] = Round(found.Average(f => f.Search)),
                ["mrr_reranked"] = Round(found.Average(f => f.Personal)),
                ["mrr_taste_alone"] = Round(found.Average(f => f.Taste)),
                ["mrr_over_search"] = Round(found.Average(f => f.Personal - f.Search)),
                ["mrr_over_search_low"] = Round(low),
                ["mrr_over_search_high"] = Round(high),
                ["train_seconds"] = Math.Round(data.Trained.TotalSeconds, 2),
                ["peak_rss_mb"] = Machine.PeakRssMegabytes(),
            },
            new Dictionary<string, double> { ["mrr_over_search_low"] = 0 }));
    }

    /// <summary>The mean of 1 / place of what was bought: in the search's order, in the order for the customer, and by taste alone.</summary>
    private static (double Search, double Personal, double Taste) Places(RecommenderModel model, ReadOnlySpan<int> owned, IReadOnlyList<int> bought, Func<int, int[]> search)
    {
        var (has, weight) = (owned.ToArray(), PersonalOrder.WeightOf(owned.Length));
        var places = bought.Select(item =>
        {
            var found = search(item);
            var best = new Recommendation[found.Length];
            var count = model.ForYou.Recommend(has, [], new ItemSet(model.ItemCount, found), best);
            var taste = best.Take(count).Where(b => b.Reason.Code == ReasonCode.Purchases).Select((b, at) => (b.Item, at)).ToDictionary(b => b.Item, b => b.at + 1);
            int[] byTaste = [.. found.Select(f => taste.GetValueOrDefault(f))];
            return (Search: At(0), Personal: At(weight), Taste: At(1));

            double At(float w) => 1.0 / (1 + Array.FindIndex(PersonalOrder.Of(byTaste, w), result => found[result.Place] == item));
        }).ToList();
        return (places.Average(p => p.Search), places.Average(p => p.Personal), places.Average(p => p.Taste));
    }

    private static double Round(double value) => Math.Round(value, 5);
}
