using System.Diagnostics;
using Wellmet.Customers.Imports;
using Wellmet.Platform;
using Wellmet.Platform.Vault;

namespace Wellmet.Bench.Imports;

/// <summary>
/// Imports a sales file until every receiver has drained, and compares with inserting the same rows plainly.
/// <c>--file</c>, <c>--layout</c>, <c>--database</c> (PostgreSQL; the floor then needs <c>--floor-database</c>).
/// </summary>
internal sealed class ImportBench : IBench
{
    private const string SharedFile = "../shared/data/online-retail/online_retail.csv.gz";

    public string Name => "import";
    public string Summary => "Lines per second of a sales import until every receiver has drained, and its share of a bare insert of the same rows";

    public async Task<BenchResult> RunAsync(BenchArguments arguments, CancellationToken ct)
    {
        string file = arguments.Text("file", SharedFile), layout = arguments.Text("layout", "online-retail");
        if (!File.Exists(file))
        {
            throw new ProblemException("file_missing", "There is no file {0}; name one with --file.", 404, file);
        }
        var postgres = arguments.Text("database");
        var (run, floor) = await ImportAsync(file, layout, postgres, ct);
        var bare = arguments.Has("no-floor") ? TimeSpan.Zero : await floor.InsertAsync(arguments.Text("floor-database") ?? postgres, run.Transactions, ct);
        return new BenchResult(
            new Dictionary<string, object?> { ["file"] = Path.GetFileName(file), ["layout"] = layout, ["engine"] = postgres is null ? "sqlite" : "postgres", ["lines"] = run.Lines, ["rows"] = floor.Rows, ["transactions"] = run.Transactions },
            new Dictionary<string, double>
            {
                ["lines_per_second"] = Math.Round(run.Lines / run.Drained.TotalSeconds),
                ["ratio_to_bare_insert"] = Math.Round(bare / run.Drained, 3),
                ["peak_rss_mb"] = run.PeakRss,
                ["import_seconds"] = Math.Round(run.Imported.TotalSeconds, 2),
                ["drained_seconds"] = Math.Round(run.Drained.TotalSeconds, 2),
                ["cpu_seconds"] = Math.Round(run.Cpu.TotalSeconds, 2),
                ["written_mb"] = run.Written,
                ["bare_insert_seconds"] = Math.Round(bare.TotalSeconds, 2),
            },
            new Dictionary<string, double> { ["lines_per_second"] = 20_000, ["ratio_to_bare_insert"] = 0.25, ["peak_rss_mb"] = 600 });
    }

    private static async Task<(Run, Floor)> ImportAsync(string file, string layout, string? postgres, CancellationToken ct)
    {
        await using var shop = await BenchShop.OpenAsync(postgres, workers: true);
        var batches = 0;
        var started = Stopwatch.GetTimestamp();
        var import = await shop.ImportAsync(file, layout, new Counter(() => batches++), ct);
        var imported = Stopwatch.GetElapsedTime(started);
        await shop.DrainAsync(ct);
        var run = new Run(import.LinesDone, Math.Max(1, batches), imported, Stopwatch.GetElapsedTime(started),
            Machine.PeakRssMegabytes(), Process.GetCurrentProcess().TotalProcessorTime, Machine.WrittenMegabytes());
        return (run, await Floor.OfAsync(shop.Database, shop.Get<KeyStore>(), ct));
    }

    private sealed record Run(long Lines, int Transactions, TimeSpan Imported, TimeSpan Drained, double PeakRss, TimeSpan Cpu, double Written);

    /// <summary>Called in the order of the batches, unlike <see cref="Progress{T}"/>.</summary>
    private sealed class Counter(Action count) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => count();
    }
}
