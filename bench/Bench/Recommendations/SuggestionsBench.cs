using System.Diagnostics;
using Wellmet.Science.Recommenders;

namespace Wellmet.Bench.Recommendations;

/// <summary>
/// Ten products suggested to each customer, against the ten that sell best: whether one of them was bought for the first time in the last months of a sales file,
/// foretold from before. Neither list holds what the customer has already; the difference with a 95 % bootstrap interval over customers.
/// <c>--data</c> (layout of UCI Online Retail), <c>--months</c> (of thirty days).
/// </summary>
internal sealed class SuggestionsBench : IBench
{
    private const string SharedFile = "../shared/data/online-retail/online_retail.csv.gz";
    private const int Length = 10;
    private const long Month = 30 * 86_400;

    public string Name => "suggestions";
    public string Summary => "How often one of ten products suggested to a customer is bought in the months after, against the ten that sell best";

    public Task<BenchResult> RunAsync(BenchArguments arguments, CancellationToken ct)
    {
        var file = arguments.Text("data", SharedFile);
        var months = arguments.Number("months", 3);
        var lines = SalesLine.Read(file);
        var cut = lines.Max(line => line.Time) - (months * Month);
        var before = lines.Where(line => line.Time < cut).ToArray();
        var (users, items) = (SalesLine.Index(before.Select(line => line.Customer)), SalesLine.Index(before.Select(line => line.Item)));
        var interactions = SalesLine.Build(before, users, items);
        var started = Stopwatch.GetTimestamp();
        var model = RecommenderModel.Train(interactions, null, new TrainingRun(arguments.Number("threads", 0), ct));
        var trained = Stopwatch.GetElapsedTime(started);
        // Only what could have been suggested, and was not there yet, can be foretold.
        var later = lines.Where(line => line.Time >= cut && users.ContainsKey(line.Customer) && items.ContainsKey(line.Item))
            .GroupBy(line => users[line.Customer], line => items[line.Item])
            .Select(bought => (User: bought.Key, New: bought.Except(interactions.Users.Columns(bought.Key).ToArray()).ToHashSet()))
            .Where(bought => bought.New.Count > 0).ToList();
        var hits = later.ConvertAll(c => Hits(model, interactions.Users.Columns(c.User), c.New));
        var (low, high) = BootstrapInterval.Of([.. hits.Select(h => h.Suggested - h.Bestseller)]);
        return Task.FromResult(new BenchResult(
            new Dictionary<string, object?> { ["file"] = Path.GetFileName(file), ["months"] = months, ["length"] = Length, ["customers"] = hits.Count },
            new Dictionary<string, double>
            {
                ["hit_10"] = Round(hits.Average(h => h.Suggested)),
                ["bestsellers_hit_10"] = Round(hits.Average(h => h.Bestseller)),
                ["hit_10_over_bestsellers"] = Round(hits.Average(h => h.Suggested - h.Bestseller)),
                ["hit_10_over_bestsellers_low"] = Round(low),
                ["hit_10_over_bestsellers_high"] = Round(high),
                ["train_seconds"] = Math.Round(trained.TotalSeconds, 2),
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
