using Wellmet.Science.Recommenders;

namespace Wellmet.Bench.Recommendations;

/// <summary>
/// Ten products suggested to each customer, against the ten that sell best: whether one of them was bought for the first time in the last months of a sales file,
/// foretold from before. Neither list holds what the customer has already; the difference with a 95 % bootstrap interval over customers.
/// <c>--data</c>, <c>--months</c>: see <see cref="LastMonths"/>.
/// </summary>
internal sealed class SuggestionsBench : IBench
{
    private const int Length = 10;

    public string Name => "suggestions";
    public string Summary => "How often one of ten products suggested to a customer is bought in the months after, against the ten that sell best";

    public Task<BenchResult> RunAsync(BenchArguments arguments, CancellationToken ct)
    {
        var data = LastMonths.Learn(arguments, ct);
        var hits = data.Later.Select(c => Hits(data.Model, data.Interactions.Users.Columns(c.User), c.New)).ToList();
        var (low, high) = BootstrapInterval.Of([.. hits.Select(h => h.Suggested - h.Bestseller)]);
        return Task.FromResult(new BenchResult(
            new Dictionary<string, object?> { ["file"] = data.File, ["months"] = data.Months, ["length"] = Length, ["customers"] = hits.Count },
            new Dictionary<string, double>
            {
                ["hit_10"] = Round(hits.Average(h => h.Suggested)),
                ["bestsellers_hit_10"] = Round(hits.Average(h => h.Bestseller)),
                ["hit_10_over_bestsellers"] = Round(hits.Average(h => h.Suggested - h.Bestseller)),
                ["hit_10_over_bestsellers_low"] = Round(low),
                ["hit_10_over_bestsellers_high"] = Round(high),
                ["train_seconds"] = Math.Round(data.Trained.TotalSeconds, 2),
                ["peak_rss_mb"] = Machine.PeakRssMegabytes(),
            },
            new Dictionary<string, double> { ["hit_10_over_bestsellers_low"] = 0 }));
    }

    private static (double Suggested, double Bestseller) Hits(RecommenderModel model, ReadOnlySpan<int> owned, HashSet<int> bought)
    {
        var suggested = new Recommendation[Length];
        var found = model.ForYou.Recommend(owned, [], eligible: null, suggested);
        int[] has = owned.ToArray();
        var bestsellers = model.Bestsellers.Ranking.ToArray().Select(b => b.Item).Where(item => !has.Contains(item)).Take(Length);
        return (suggested.Take(found).Any(s => bought.Contains(s.Item)) ? 1 : 0, bestsellers.Any(bought.Contains) ? 1 : 0);
    }

    private static double Round(double value) => Math.Round(value, 5);
}
