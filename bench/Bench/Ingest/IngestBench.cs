using System.Diagnostics;
using System.Net;
using Wellmet.Bench.Imports;

namespace Wellmet.Bench.Ingest;

/// <summary>
/// Events per second over HTTP, acknowledged after a durable commit, until every receiver has drained; compared with inserting the same rows
/// plainly in transactions of the same size. Client and server are two processes of this machine. <c>--database</c> (PostgreSQL; the floor then needs
/// <c>--floor-database</c>, the single events <c>--single-database</c>), <c>--events</c>, <c>--connections</c>, <c>--seconds</c> of the overload (half load takes
/// three times as long, so that its 99th percentile does not hang on two requests, after half of it to settle).
/// </summary>
internal sealed class IngestBench : IBench
{
    private const int BatchSize = 100, SingleShare = 10;

    public string Name => "ingest";
    public string Summary => "Events per second over HTTP, one by one and by the hundred, against a bare insert of the same rows; waiting times at half load, behaviour at five times the load";

    public async Task<BenchResult> RunAsync(BenchArguments arguments, CancellationToken ct)
    {
        var postgres = arguments.Text("database");
        int events = arguments.Number("events", 60_000), connections = arguments.Number("connections", 32), seconds = arguments.Number("seconds", 10);
        double single;
        await using (var shop = await IngestShop.OpenAsync(arguments.Text("single-database") ?? postgres, ct))
        {
            await WarmAsync(shop, ct);
            single = await RateAsync(shop, new EventStream(1).Batches(events / SingleShare, 1), 1, connections, ct);
        }
        Measured measured;
        Floor floor;
        await using (var shop = await IngestShop.OpenAsync(postgres, ct))
        {
            await WarmAsync(shop, ct);
            var batches = new EventStream(2).Batches(events / BatchSize, BatchSize);
            var rate = await RateAsync(shop, batches, BatchSize, connections, ct);
            floor = await Floor.OfAsync(shop.Database, shop.Keys, ct);
            var half = await LoadAsync(shop, new EventStream(3), rate / 2, seconds / 2, 3 * seconds, ct);
            await shop.DrainAsync(ct);
            var over = await LoadAsync(shop, new EventStream(4), rate * 5, 0, seconds, ct);
            await shop.DrainAsync(ct);
            measured = new Measured(rate, half, over, shop.PeakRssMegabytes);
        }
        var bare = arguments.Has("no-floor") ? 0 : events / (await floor.InsertAsync(arguments.Text("floor-database") ?? postgres, events / BatchSize, ct)).TotalSeconds;
        return Result(arguments, measured, single, bare, floor.Rows, events);
    }

    private static BenchResult Result(BenchArguments arguments, Measured m, double single, double floor, long rows, int events) => new(
        new Dictionary<string, object?> { ["engine"] = arguments.Text("database") is null ? "sqlite" : "postgres", ["events"] = events, ["rows"] = rows, ["batch"] = BatchSize },
        new Dictionary<string, double>
        {
            ["events_per_second_1"] = Math.Round(single),
            ["events_per_second_100"] = Math.Round(m.Rate),
            ["floor_events_per_second_100"] = Math.Round(floor),
            ["ratio_100"] = floor == 0 ? 0 : Math.Round(m.Rate / floor, 3),
            ["p50_ms"] = Math.Round(m.Half.Percentile(0.5), 1),
            ["p99_ms"] = Math.Round(m.Half.Percentile(0.99), 1),
            ["overload_goodput"] = Math.Round(m.Over.AcceptedPerSecond * BatchSize / m.Rate, 3),
            ["overload_refused_429"] = m.Over.Refused,
            ["overload_failed"] = m.Over.Failed,
            ["peak_rss_mb"] = m.PeakRss,
        },
        new Dictionary<string, double> { ["ratio_100"] = 0.35, ["p99_ms"] = 100, ["overload_goodput"] = 0.8, ["overload_failed"] = 0 });

    /// <summary>The first requests compile code and open connections.</summary>
    private static async Task WarmAsync(IngestShop shop, CancellationToken ct)
    {
        foreach (var batch in new EventStream(9).Batches(20, BatchSize))
        {
            await shop.SendAsync(batch, ct);
        }
    }

    /// <param name="rate">Events per second.</param>
    private static Task<Load> LoadAsync(IngestShop shop, EventStream stream, double rate, int settling, int seconds, CancellationToken ct)
    {
        var perSecond = rate / BatchSize;
        var batches = stream.Batches(Math.Max(1, (int)(perSecond * (settling + seconds))), BatchSize);
        return Load.RunAsync(i => shop.SendAsync(batches[i], ct), perSecond, settling, seconds, ct);
    }

    private static async Task<double> RateAsync(IngestShop shop, List<byte[]> batches, int size, int connections, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < batches.Count;)
            {
                while (await shop.SendAsync(batches[i], ct) is var status && status != HttpStatusCode.OK)
                {
                    if (status != HttpStatusCode.TooManyRequests)
                    {
                        throw new InvalidOperationException($"The collection answered {status}.");
                    }
                    await Task.Delay(50, ct);
                }
            }
        }, ct)));
        await shop.DrainAsync(ct);
        return (double)batches.Count * size / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private sealed record Measured(double Rate, Load Half, Load Over, double PeakRss);
}
