using System.Diagnostics;
using Wellmet.Bench.Imports;
using Wellmet.Customers.Imports;
using Wellmet.Customers.Imports.Reading;
using Wellmet.Platform;
using Wellmet.Recommendations.Models;
using Wellmet.Recommendations.Serving;

namespace Wellmet.Bench.Recommendations;

/// <summary>
/// Learns from an imported sales file, then asks for twenty products for each of a number of customers, as the API does but in the process.
/// <c>--file</c>, <c>--layout</c>, <c>--database</c> (PostgreSQL), <c>--customers</c>.
/// </summary>
internal sealed class RecommendTrainBench : IBench
{
    private const string SharedFile = "../shared/data/online-retail/online_retail.csv.gz";
    private const int Length = 20;

    public string Name => "recommend-train";
    public string Summary => "Seconds to learn recommendations from an imported sales file, and milliseconds for one customer's list";

    public async Task<BenchResult> RunAsync(BenchArguments arguments, CancellationToken ct)
    {
        string file = arguments.Text("file", SharedFile), layout = arguments.Text("layout", "online-retail");
        if (!File.Exists(file))
        {
            throw new ProblemException("file_missing", "There is no file {0}; name one with --file.", 404, file);
        }
        await using var shop = await BenchShop.OpenAsync(arguments.Text("database"), workers: false);
        var import = await shop.UseAsync<StartImport, Import>(s => s.RunAsync(new StartImportRequest(ImportSource.Local(file), Path.GetFileName(file), layout), ct));
        await shop.UseAsync<RunImport, Import>(r => r.RunAsync(new RunImportRequest(import.ImportId, ImportSource.Local(file)), ct));
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var card = await shop.UseAsync<TrainModel, ModelCard>(t => t.RunAsync(ct));
        var trained = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        var (milliseconds, shown) = await AskAsync(shop, arguments.Number("customers", 1000), ct);
        return new BenchResult(
            new Dictionary<string, object?> { ["file"] = Path.GetFileName(file), ["layout"] = layout, ["customers_asked"] = milliseconds.Length },
            new Dictionary<string, double>
            {
                ["train_seconds"] = Math.Round(card.Took.TotalSeconds, 2),
                ["train_cpu_seconds"] = Math.Round(trained.TotalSeconds, 2),
                ["orders"] = card.Orders,
                ["products"] = card.Products,
                ["products_covered"] = card.ProductsCovered,
                ["model_mb"] = Math.Round(new FileInfo(shop.Get<ModelStore>().File).Length / 1e6, 1),
                ["peak_rss_mb"] = Machine.PeakRssMegabytes(),
                ["customer_p50_ms"] = milliseconds[milliseconds.Length / 2],
                ["customer_p99_ms"] = milliseconds[milliseconds.Length * 99 / 100],
                ["products_shown"] = shown,
            },
            new Dictionary<string, double>());
    }

    private static async Task<(double[] Milliseconds, int ProductsShown)> AskAsync(BenchShop shop, int customers, CancellationToken ct)
    {
        var subjects = await shop.Database.ReadAsync(s => s.QueryAsync(
            "select distinct subject_id from commerce_orders where not anonymous order by subject_id limit @customers", new { customers }, r => r.Guid(0), ct), ct);
        var shown = new HashSet<Guid>();
        var milliseconds = new double[subjects.Count];
        for (var i = 0; i < milliseconds.Length; i++)
        {
            var started = Stopwatch.GetTimestamp();
            var answer = await shop.UseAsync<RecommendForCustomer, RecommendedProducts>(r => r.RunAsync(new(subjects[i], Length), ct));
            milliseconds[i] = Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 3);
            shown.UnionWith(answer.Products.Select(p => p.Product.ProductId));
        }
        Array.Sort(milliseconds);
        return (milliseconds, shown.Count);
    }
}
