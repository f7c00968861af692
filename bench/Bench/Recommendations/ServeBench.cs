using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Wellmet.Bench.Imports;
using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Log;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Models;
using Wellmet.Recommendations.Serving;
using Wellmet.Science.Recommenders;
using Wellmet.Science.Recommenders.Places;
using Wellmet.Science.Statistics;

namespace Wellmet.Bench.Recommendations;

/// <summary>
/// How long a customer waits for their twenty products in a large shop: of the model alone, of the use case with its database, over HTTP at a steady rate, and until an order that was
/// just acknowledged is in the answer. The model is trained on <c>--customers</c> and <c>--items</c> that are generated; <c>--in-database</c> of the customers have their orders in the
/// database, and are asked for. <c>--rate</c> (requests per second), <c>--seconds</c>, <c>--database</c> (PostgreSQL).
/// </summary>
internal sealed class ServeBench : IBench
{
    private const int Length = 20, Settling = 5, Orders = 60;

    public string Name => "serve-recommendations";
    public string Summary => "Waiting times of recommendations with 100,000 products and a million customers: of the model, over HTTP at 500 a second, and until a new order is in the answer";

    public async Task<BenchResult> RunAsync(BenchArguments arguments, CancellationToken ct)
    {
        var sales = new GeneratedSales(arguments.Number("customers", 1_000_000), arguments.Number("items", 100_000));
        var some = Math.Min(sales.Customers, arguments.Number("in-database", 20_000));
        var (postgres, rate, seconds) = (arguments.Text("database"), arguments.Number("rate", 500), arguments.Number("seconds", 20));
        var interactions = sales.Interactions();
        var started = Stopwatch.GetTimestamp();
        var recommender = RecommenderModel.Train(interactions, null, new TrainingRun(arguments.Number("threads", 0), ct));
        var metrics = new Dictionary<string, double> { ["train_seconds"] = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 1) };
        InProcess(recommender, interactions, metrics);

        await using var shop = await BenchShop.OpenAsync(postgres, workers: true);
        await FillAsync(shop, sales, some, recommender, interactions, ct);
        var customers = await shop.Database.ReadAsync(s => s.QueryAsync("select distinct subject_id from commerce_orders where not anonymous", null, r => r.Guid(0), ct), ct);
        await UseCaseAsync(shop, customers, metrics, ct);
        await shop.StopAsync();
        await using (var server = await BenchServer.StartAsync(shop.Folder, postgres, [RecommendationsPermissions.Read, AccessPermissions.WriteEvents], ct))
        {
            metrics["http_most_per_second"] = await WarmAsync(server, customers, ct);
            var load = await Load.RunAsync(i => AskAsync(server, Some(customers, i), ct), rate, Settling, seconds, ct);
            (metrics["http_p50_ms"], metrics["http_p99_ms"]) = (Math.Round(load.Percentile(0.5), 2), Math.Round(load.Percentile(0.99), 2));
            (metrics["http_per_second"], metrics["http_failed"]) = (Math.Round(load.AcceptedPerSecond), load.Refused + load.Failed);
            var waits = await OrdersAsync(server, shop, some, ct);
            (metrics["order_to_answer_p50_ms"], metrics["order_to_answer_max_ms"]) = (Math.Round(waits[waits.Count / 2], 1), Math.Round(waits[^1], 1));
            metrics["server_peak_rss_mb"] = server.PeakRssMegabytes;
        }
        return new BenchResult(
            new Dictionary<string, object?>
            {
                ["engine"] = postgres is null ? "sqlite" : "postgres", ["customers"] = sales.Customers, ["items"] = sales.Items, ["purchases"] = interactions.Users.Count, ["customers_in_database"] = some,
                ["length"] = Length, ["rate"] = rate, ["seconds"] = seconds,
            },
            metrics, new Dictionary<string, double> { ["model_p99_us"] = 2000, ["http_p99_ms"] = 20, ["order_to_answer_max_ms"] = 100, ["http_failed"] = 0 });
    }

    /// <summary>The model alone, one customer after the other, after as many to warm up.</summary>
    private static void InProcess(RecommenderModel model, Interactions interactions, Dictionary<string, double> metrics)
    {
        const int Asked = 20_000;
        var (random, results, waits) = (new SeededRandom(1), new Recommendation[Length], new double[Asked]);
        for (var i = -Asked; i < Asked; i++)
        {
            var owned = interactions.Users.Columns(random.Next(interactions.UserCount));
            var started = Stopwatch.GetTimestamp();
            model.ForYou.Recommend(owned, [], eligible: null, results);
            waits[Math.Max(0, i)] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        }
        Array.Sort(waits);
        (metrics["model_p50_us"], metrics["model_p99_us"]) = (Math.Round(waits[Asked / 2]), Math.Round(waits[Asked * 99 / 100]));
    }

    /// <summary>With what it reads of the customer and the catalogue.</summary>
    private static async Task UseCaseAsync(BenchShop shop, List<Guid> customers, Dictionary<string, double> metrics, CancellationToken ct)
    {
        const int Asked = 2000;
        var (random, waits) = (new SeededRandom(2), new double[Asked]);
        for (var i = -Asked; i < Asked; i++)
        {
            var customer = customers[random.Next(customers.Count)];
            var started = Stopwatch.GetTimestamp();
            await shop.UseAsync<RecommendForCustomer, RecommendedProducts>(r => r.RunAsync(new(customer, Length), ct));
            waits[Math.Max(0, i)] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        }
        Array.Sort(waits);
        (metrics["use_case_p50_us"], metrics["use_case_p99_us"]) = (Math.Round(waits[Asked / 2]), Math.Round(waits[Asked * 99 / 100]));
    }

    /// <summary>Catalogue and orders by an import, and the model as the server keeps it: it serves from there, since nothing happened after it.</summary>
    private static async Task FillAsync(BenchShop shop, GeneratedSales sales, int some, RecommenderModel recommender, Interactions interactions, CancellationToken ct)
    {
        var file = Path.Combine(shop.Folder, "sales.csv");
        sales.Write(file, some);
        await shop.ImportAsync(file, "online-retail", null, ct);
        await shop.DrainAsync(ct);
        var products = (await shop.UseAsync<ICatalog, IReadOnlyList<ProductLabel>>(c => c.AllAsync(ct))).ToDictionary(p => p.Sku);
        var labels = Enumerable.Range(0, sales.Items).Select(item => products[GeneratedSales.Sku(item)]).ToList();
        var habits = ShopHabits.Learn(interactions, labels, ct);
        var card = new ModelCard(TimeProvider.System.GetUtcNow(), TimeSpan.Zero, interactions.OrderCount, interactions.UserCount, sales.Items, sales.Items, sales.Items, null, null,
            await shop.Get<LogHistory>().HeadsAsync(ct));
        var counts = SharedCounts.Count(recommender.AlsoBought, interactions.Items);
        var together = SharedCounts.Count(recommender.BoughtTogether, interactions.Orders.Transpose());
        shop.Get<ModelStore>().Publish(new ShopModel(recommender, [.. labels.Select(l => l.ProductId)], counts, together, habits, Nothing(sales), card) { Viewed = new AlsoViewed(Nothing(sales), new SharedCounts(Nothing(sales), [])), Next = new NextLooks(Nothing(sales)), Places = new ShopPlaces([], new PlaceRanking([0, 0], []), []) });
    }

    private static Neighbours Nothing(GeneratedSales sales) => new(new int[sales.Items + 1], []);

    private static Guid Some(List<Guid> customers, int i) => customers[(int)((uint)(i * 2654435761L) % (uint)customers.Count)];

    /// <summary>The first requests compile code. Answers how many a second came, four at a time, once it was compiled.</summary>
    private static async Task<double> WarmAsync(BenchServer server, List<Guid> customers, CancellationToken ct)
    {
        const int Asked = 5000, AtOnce = 4;
        var rate = 0.0;
        for (var round = 0; round < 2; round++)
        {
            var (next, started) = (-1, Stopwatch.GetTimestamp());
            await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(async () =>
            {
                for (int i; (i = Interlocked.Increment(ref next)) < Asked;)
                {
                    await AskAsync(server, Some(customers, i), ct);
                }
            }, ct)));
            rate = Asked / Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
        return Math.Round(rate);
    }

    private static async Task<HttpStatusCode> AskAsync(BenchServer server, Guid customer, CancellationToken ct)
    {
        using var answer = await server.Client.GetAsync(Address(customer), ct);
        await answer.Content.CopyToAsync(Stream.Null, ct);
        return answer.StatusCode;
    }

    /// <summary>Orders what stands first, and asks until it is gone: milliseconds from the acknowledgement, ascending.</summary>
    private static async Task<List<double>> OrdersAsync(BenchServer server, BenchShop shop, int some, CancellationToken ct)
    {
        var waits = new List<double>();
        for (var i = 0; i < Orders; i++)
        {
            var number = GeneratedSales.CustomerNumber(i * (some / Orders));
            var customer = (await shop.UseAsync<ICustomers, IReadOnlyList<ResolvedPerson>>(c => c.ResolveAsync([new PersonClaim(IdentityKind.ExternalId, number, new PersonDetails())], null, ct)))[0].SubjectId;
            var wanted = await FirstAsync(server, customer, ct);
            var order = JsonSerializer.SerializeToUtf8Bytes(new
            {
                userId = number, messageId = $"order-{i}", @event = "Order Completed",
                properties = new { order_id = $"new-{i}", currency = "GBP", products = new[] { new { sku = wanted, quantity = 1, price = 4.5 } } },
            });
            if (await server.PostAsync("/v1/track", order, ct) is var status && status != HttpStatusCode.OK)
            {
                throw new InvalidOperationException($"The collection answered {status}.");
            }
            var acknowledged = Stopwatch.GetTimestamp();
            while (await FirstAsync(server, customer, ct) == wanted)
            {
                if (Stopwatch.GetElapsedTime(acknowledged) > TimeSpan.FromSeconds(10))
                {
                    throw new InvalidOperationException($"Ten seconds after its order {wanted} is still offered.");
                }
            }
            waits.Add(Stopwatch.GetElapsedTime(acknowledged).TotalMilliseconds);
        }
        waits.Sort();
        return waits;
    }

    /// <summary>The code of what stands first in a customer's list.</summary>
    private static async Task<string> FirstAsync(BenchServer server, Guid customer, CancellationToken ct)
    {
        using var answer = JsonDocument.Parse(await server.Client.GetByteArrayAsync(Address(customer), ct));
        return answer.RootElement.GetProperty("recommendations")[0].GetProperty("sku").GetString()!;
    }

    private static Uri Address(Guid customer) => new($"/v1/recommendations/for-you?customer={customer}&limit={Length}", UriKind.Relative);
}
