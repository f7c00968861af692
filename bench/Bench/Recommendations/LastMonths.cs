using System.Diagnostics;
using Wellmet.Science.Recommenders;

namespace Wellmet.Bench.Recommendations;

/// <summary>
/// A sales file in the layout of UCI Online Retail (<c>--data</c>), cut before its last months of thirty days (<c>--months</c>): a model of what was before, and what customers of then bought for the
/// first time after it, of the items that were there.
/// </summary>
internal sealed record LastMonths(string File, int Months, SalesLine[] Before, Dictionary<string, int> Items, Interactions Interactions, RecommenderModel Model, TimeSpan Trained, IReadOnlyList<(int User, HashSet<int> New)> Later)
{
    public const string SharedFile = "../shared/data/online-retail/online_retail.csv.gz";
    private const long Month = 30 * 86_400;

    public static LastMonths Learn(BenchArguments arguments, CancellationToken ct)
    {
        var (file, months) = (arguments.Text("data", SharedFile), arguments.Number("months", 3));
        var lines = SalesLine.Read(file);
        var cut = lines.Max(line => line.Time) - (months * Month);
        var before = lines.Where(line => line.Time < cut).ToArray();
        var (users, items) = (SalesLine.Index(before.Select(line => line.Customer)), SalesLine.Index(before.Select(line => line.Item)));
        var interactions = SalesLine.Build(before, users, items);
        var started = Stopwatch.GetTimestamp();
        var model = RecommenderModel.Train(interactions, null, new TrainingRun(arguments.Number("threads", 0), ct));
        var trained = Stopwatch.GetElapsedTime(started);
        var later = lines.Where(line => line.Time >= cut && users.ContainsKey(line.Customer) && items.ContainsKey(line.Item))
            .GroupBy(line => users[line.Customer], line => items[line.Item])
            .Select(bought => (User: bought.Key, New: bought.Except(interactions.Users.Columns(bought.Key).ToArray()).ToHashSet()))
            .Where(bought => bought.New.Count > 0).ToList();
        return new LastMonths(Path.GetFileName(file), months, before, items, interactions, model, trained, later);
    }
}
