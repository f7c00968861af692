using System.Diagnostics;
using Wellmet.Platform;
using Wellmet.Science.Recommenders;

namespace Wellmet.Bench.Recommendations;

/// <summary>
/// How many of an item's first ten "also bought" are in a list of truth, beside shrunk cosine and raw counts on the same data; the differences with 95 % bootstrap
/// intervals over items. <c>--interactions</c> and <c>--truth</c>: see <see cref="AlsoBoughtData"/>; or <c>--split time</c> with a sales file: what was unusually often
/// bought by the same customers in the last quarter, foretold from before.
/// </summary>
internal sealed class AlsoBoughtBench : IBench
{
    private const string SharedFile = "../shared/data/online-retail/online_retail.csv.gz";
    private const int Depth = 10;

    public string Name => "also-bought";
    public string Summary => "How well \"customers also bought\" is known, against shrunk cosine and raw counts";

    public Task<BenchResult> RunAsync(BenchArguments arguments, CancellationToken ct)
    {
        var file = arguments.Text("interactions") ?? arguments.Text("data", SharedFile);
        var data = arguments.Text("split") == "time" || arguments.Text("truth") is null
            ? AlsoBoughtData.LastQuarter(file)
            : AlsoBoughtData.Read(file, arguments.Text("truth")!);
        var run = new TrainingRun(arguments.Number("threads", 0), ct);
        var settings = arguments.Text("truth") is null ? new AlsoBoughtSettings() : AlsoBoughtSettings.FewSales;
        var started = Stopwatch.GetTimestamp();
        var ours = AlsoBought.Train(data.Interactions, settings, run);
        var trained = Stopwatch.GetElapsedTime(started);
        var quality = Measure(ours, data);
        var metrics = new Dictionary<string, double>
        {
            ["precision_10"] = Round(quality.Average(q => q.Precision)),
            ["hit_10"] = Round(quality.Average(q => q.Hit)),
            ["items"] = quality.Length,
            ["train_seconds"] = Math.Round(trained.TotalSeconds, 2),
            ["peak_rss_mb"] = Machine.PeakRssMegabytes(),
        };
        foreach (var (name, other) in References)
        {
            Compare(name, quality, Measure(AlsoBought.Train(data.Interactions, other, run), data), metrics);
        }
        return Task.FromResult(new BenchResult(
            new Dictionary<string, object?> { ["file"] = Path.GetFileName(file), ["truth"] = arguments.Text("truth") is { } truth ? Path.GetFileName(truth) : "last quarter", ["also_bought"] = settings },
            metrics,
            new Dictionary<string, double>()));
    }

    private static (string Name, AlsoBoughtSettings Settings)[] References =>
    [
        ("shrunk_cosine", AlsoBoughtSettings.Cosine(Depth, 5)),
        ("raw_counts", AlsoBoughtSettings.Cosine(Depth) with { TargetExponent = 0 }),
    ];

    private static (double Precision, double Hit)[] Measure(Neighbours neighbours, AlsoBoughtData data) =>
        [.. data.Truth.Select(truth =>
        {
            var hits = 0;
            foreach (var neighbour in neighbours.Of(truth.Item)[..Math.Min(Depth, neighbours.Of(truth.Item).Length)])
            {
                hits += truth.Also.Contains(neighbour.Item) ? 1 : 0;
            }
            return (hits / (double)Depth, hits > 0 ? 1.0 : 0.0);
        })];

    private static void Compare(string name, (double Precision, double Hit)[] ours, (double Precision, double Hit)[] theirs, Dictionary<string, double> metrics)
    {
        metrics[$"{name}_precision_10"] = Round(theirs.Average(q => q.Precision));
        metrics[$"{name}_hit_10"] = Round(theirs.Average(q => q.Hit));
        var differences = ours.Zip(theirs, (a, b) => (a.Precision - b.Precision, a.Hit - b.Hit)).ToArray();
        AddInterval($"precision_10_over_{name}", [.. differences.Select(d => d.Item1)], metrics);
        AddInterval($"hit_10_over_{name}", [.. differences.Select(d => d.Item2)], metrics);
    }

    private static void AddInterval(string name, double[] differences, Dictionary<string, double> metrics)
    {
        var (low, high) = BootstrapInterval.Of(differences);
        (metrics[$"{name}_low"], metrics[$"{name}_high"]) = (Round(low), Round(high));
    }

    private static double Round(double value) => Math.Round(value, 5);
}
