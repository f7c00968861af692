using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Access.Keys;
using Wellmet.Platform.Log;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Security;
using Wellmet.Platform.Storage;
using Wellmet.Server;
using Wellmet.Tests;

namespace Wellmet.Faults;

/// <summary>
/// Shops send events to the real server while it is killed or loses its power; whoever gets no answer sends the same again. Nothing acknowledged
/// is lost, and nothing counts twice: neither an event nor the order that it tells.
/// </summary>
public sealed class CollectTest(ITestOutputHelper output)
{
    private const int Senders = 4, BatchSize = 10;

    [Fact]
    public Task Collection_on_Sqlite_survives_15_kills() => KillAsync(postgres: null, runs: 15);

    [Fact]
    public Task Collection_on_Postgres_survives_5_kills() => KillAsync(Postgres(), runs: 5);

    [Fact]
    public Task Collection_survives_5_power_cuts() => CutPowerAsync(runs: 5);

    [Fact]
    [Trait("tier", "long")]
    public Task Collection_on_Sqlite_survives_100_kills() => KillAsync(postgres: null, runs: 100);

    [Fact]
    [Trait("tier", "long")]
    public Task Collection_survives_20_power_cuts() => CutPowerAsync(runs: 20);

    private async Task KillAsync(string? postgres, int runs)
    {
        var storage = new StorageOptions(Directory.CreateTempSubdirectory("wellmet-collect").FullName, postgres);
        var shops = new Shops(await KeyAsync(storage));
        for (var run = 0; run < runs; run++)
        {
            await shops.SendAsync(storage, (server, _) => server.Kill());
        }
        await VerifyAsync(storage, shops, $"{runs} kills", runs);
        Directory.Delete(storage.DataFolder, recursive: true);
    }

    private async Task CutPowerAsync(int runs)
    {
        using var disk = FaultDisk.Ext4(megabytes: 512);
        var storage = new StorageOptions(Path.Combine(disk.Folder, "data"), null);
        var shops = new Shops(await KeyAsync(storage));
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        for (var run = 0; run < runs; run++)
        {
            await shops.SendAsync(storage, (server, _) =>
            {
                disk.CutPower(server);
                server.Kill();
            });
            disk.Restart();
        }
        await VerifyAsync(storage, shops, $"{runs} power cuts", runs);
    }

    private async Task VerifyAsync(StorageOptions storage, Shops shops, string faults, int runs)
    {
        await shops.SendAsync(storage, async (server, sent) =>
        {
            await sent;
            server.Kill();
        }, onlyUnanswered: true);
        shops.Unanswered.ShouldBe(0);
        using var host = Open(storage);
        await host.Services.GetRequiredService<Preparation>().RunAsync(CancellationToken.None);
        await host.StartAsync();
        var log = host.Services.GetRequiredService<LogReader>();
        await Ledger.DrainAsync(host.Services);
        var kept = new List<string>();
        await log.ForEachAsync<ShopEventCollected>(e => kept.Add(e.Source.MessageId), CancellationToken.None);
        await log.ForEachAsync<OrderEventCollected>(e => kept.Add(e.Source.MessageId), CancellationToken.None);
        var (orders, figures) = await host.Services.GetRequiredService<Database>().ReadAsync(async s => (
            await s.QueryAsync("select number from commerce_orders", null, r => r.Text(0), CancellationToken.None),
            await s.CountAsync("select sum(orders) from customers_figures")), CancellationToken.None);
        await host.StopAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();

        shops.Acknowledged.Except(kept).Count().ShouldBe(0, "acknowledged and lost");
        kept.Count.ShouldBe(kept.Distinct().Count(), "an event was taken twice");
        orders.Order(StringComparer.Ordinal).ShouldBe(kept.Where(id => id.EndsWith("-order", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        figures.ShouldBe(orders.Count, "an order was counted twice, or not at all");
        shops.Acknowledged.Count.ShouldBeGreaterThan(runs);
        output.WriteLine($"{faults}, {shops.Acknowledged.Count} acknowledged events with {orders.Count} orders, {shops.Repeated} requests sent again, 0 lost, 0 twice. {Ledger.Bound(runs)}");
    }

    private static async Task<string> KeyAsync(StorageOptions storage)
    {
        await using var app = WebServer.Build(storage, 1, new WebOptions(new Uri("http://localhost:1"), []));
        await app.Services.GetRequiredService<Preparation>().RunAsync(CancellationToken.None);
        await using var scope = app.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = Actor.System;
        var key = await scope.ServiceProvider.GetRequiredService<CreateAccessKey>()
            .RunAsync(new(AccessKeyKind.Secret, "shop", [AccessPermissions.WriteEvents.Code]), CancellationToken.None);
        return key.Text;
    }

    private static IHost Open(StorageOptions storage)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddPlatform(storage, ModuleList.All);
        builder.Services.AddLogWorkers();
        return builder.Build();
    }

    private static string Postgres()
    {
        Assert.SkipWhen(PostgresCluster.Instance is null, "PostgreSQL 15 is not installed (apt-get install postgresql-15).");
        return PostgresCluster.Instance!.CreateDatabase();
    }

    /// <summary>Several shops that send without a pause, and keep what got no answer.</summary>
    private sealed class Shops(string key)
    {
        private readonly ConcurrentQueue<(byte[] Body, string[] Ids)> unanswered = new();
        private int batches;

        public ConcurrentBag<string> Acknowledged { get; } = [];
        public int Unanswered => unanswered.Count;
        public int Repeated { get; private set; }

        /// <summary>Starts the server, sends for a random time, and does the fault.</summary>
        public async Task SendAsync(StorageOptions storage, Func<ChildProcess, Task, Task> fault, bool onlyUnanswered = false)
        {
            var port = FreePort();
            using var server = ChildProcess.Start(typeof(WebServer).Assembly.Location, ["up", "--no-demo", "--data", storage.DataFolder, "--port", port.ToString(CultureInfo.InvariantCulture)],
                storage.Postgres is null ? null : new Dictionary<string, string> { ["WELLMET_DATABASE"] = storage.Postgres });
            await server.ReadyAsync();
            using var http = new HttpClient { BaseAddress = new Uri($"http://localhost:{port}"), Timeout = TimeSpan.FromSeconds(30) };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
            using var over = new CancellationTokenSource();
            Repeated += unanswered.Count;
            var sent = Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => Task.Run(() => SendAllAsync(http, onlyUnanswered, over.Token))));
            if (!onlyUnanswered)
            {
                await FirstAnswerAsync(Acknowledged.Count);
                await Task.Delay(RandomNumberGenerator.GetInt32(50, 1000));
            }
            await fault(server, sent);
            await server.ExitAsync();
            await over.CancelAsync();
            await sent;
        }

        /// <summary>A server that has just started takes its time for the first answer.</summary>
        private async Task FirstAnswerAsync(int before)
        {
            for (var i = 0; i < 3000 && Acknowledged.Count == before; i++)
            {
                await Task.Delay(10);
            }
        }

        public Task SendAsync(StorageOptions storage, Action<ChildProcess, Task> fault) => SendAsync(storage, (server, sent) =>
        {
            fault(server, sent);
            return Task.CompletedTask;
        });

        private async Task SendAllAsync(HttpClient http, bool onlyUnanswered, CancellationToken over)
        {
            while (!over.IsCancellationRequested)
            {
                if (!unanswered.TryDequeue(out var batch))
                {
                    if (onlyUnanswered)
                    {
                        return;
                    }
                    batch = Next();
                }
                if (!await TrySendAsync(http, batch.Body, over))
                {
                    unanswered.Enqueue(batch);
                    await Task.Delay(10, CancellationToken.None);
                    continue;
                }
                Array.ForEach(batch.Ids, Acknowledged.Add);
            }
        }

        /// <summary>An answer that came is an acknowledgement, also where the server is gone by now.</summary>
        private static async Task<bool> TrySendAsync(HttpClient http, byte[] body, CancellationToken over)
        {
            try
            {
                using var content = new ByteArrayContent(body);
                content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                using var answer = await http.PostAsync(new Uri("/v1/batch", UriKind.Relative), content, over);
                return answer.StatusCode == HttpStatusCode.OK && !(await answer.Content.ReadAsStringAsync(over)).Contains("rejected", StringComparison.Ordinal);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                return false;
            }
        }

        private (byte[] Body, string[] Ids) Next()
        {
            var number = Interlocked.Increment(ref batches);
            var user = $"u{number % 50}";
            var events = Enumerable.Range(0, BatchSize - 1).Select(i => (Id: $"{number}-{i}", Event: (object)new
            {
                type = "track", messageId = $"{number}-{i}", userId = user, anonymousId = $"v{number % 70}", @event = "Product Viewed", properties = new { sku = $"S{i}", note = "sealed" },
            })).Append(($"{number}-order", new
            {
                type = "track", messageId = $"{number}-order", userId = user, @event = "Order Completed",
                properties = new { order_id = $"{number}-order", currency = "EUR", products = new[] { new { sku = $"S{number % 30}", price = 2.5, quantity = 2 } } },
            })).ToList();
            return (Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { batch = events.Select(e => e.Item2) })), [.. events.Select(e => e.Item1)]);
        }

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }
}
