using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Wellmet.Insights.Home;
using Wellmet.Insights.Rollups;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;
using Wellmet.Tests.Customers;

namespace Wellmet.Tests.Server;

/// <summary>The program as an administrator meets it: real processes, real refusals.</summary>
public sealed class CommandLineTest : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("wellmet-cli").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task It_gets_ready_answers_and_stops_gracefully_on_ctrl_c()
    {
        var port = FreePort();
        using var up = WellmetProcess.Start("up", "--no-demo", "--port", Text(port), "--data", folder);
        (await up.ReadyAsync()).ShouldBe($"http://localhost:{port}");
        using var client = new HttpClient();
        ((int)(await client.GetAsync($"http://localhost:{port}/")).StatusCode).ShouldBeLessThan(500);

        up.Interrupt();
        await up.ExitAsync();
        up.ExitCode.ShouldBe(0, up.Errors);
    }

    [Fact]
    public async Task A_machine_without_IPv6_is_served_by_IPv4()
    {
        // A network of its own, in which the kernel has no IPv6.
        string[] without = ["unshare", "--net", "sh", "-c", "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6 && ip link set lo up && exec \"$@\"", "sh"];
        Assert.SkipUnless(await WellmetProcess.CanRunAsync([.. without, "true"]), "This takes root, unshare and ip.");
        using var up = WellmetProcess.StartWithin(without, "up", "--no-demo", "--port", "5500", "--data", folder);

        (await up.ReadyAsync()).ShouldBe("http://localhost:5500");
    }

    [Fact]
    public async Task An_occupied_port_is_named()
    {
        using var occupant = new TcpListener(IPAddress.Loopback, 0);
        occupant.Start();
        var port = ((IPEndPoint)occupant.LocalEndpoint).Port;
        await RefusedAsync($"Port {port} is taken", "up", "--port", Text(port), "--data", folder);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_named() =>
        await RefusedAsync("The folder /dev/null/shop cannot be written", "up", "--port", Text(FreePort()), "--data", "/dev/null/shop");

    [Fact]
    public async Task A_database_that_cannot_be_reached_is_named() =>
        await RefusedAsync("The database cannot be reached", "up", "--port", Text(FreePort()), "--data", folder, "--database", $"Host=127.0.0.1;Port={FreePort()};Database=x;Username=x");

    [Fact]
    public async Task A_wrong_connection_string_is_named() =>
        await RefusedAsync("--database is not a PostgreSQL connection string", "migrate", "--data", folder, "--database", "Hust=here");

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_database_of_a_newer_version_is_refused(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        await using var shop = await TestShop.OpenAsync(engine, workers: false, storage: storage);
        await shop.Database.WriteAsync(tx => tx.ExecuteAsync(
            "insert into platform_migrations (module, number, name, checksum, applied_at) values ('commerce', 9999, 'future', 'x', @at)",
            new { at = DateTimeOffset.UnixEpoch }), CancellationToken.None);
        await RefusedAsync("newer version", ["up", "--port", Text(FreePort()), .. Where(storage)]);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task When_an_import_has_ended_the_totals_and_the_home_page_agree(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        Directory.CreateDirectory(storage.DataFolder);
        var file = Path.Combine(folder, "sales.csv");
        await File.WriteAllTextAsync(file, ImportsInShop.Header + string.Concat(Enumerable.Range(0, 6000).Select(i => $"{i},S{i % 50},THING {i % 50},1,2010-12-{1 + (i % 28):00} 08:26:00,2.50,{i / 3},UK\n")));

        (await WellmetProcess.RunAsync(["import", "online-retail", file, "--json", .. Where(storage)])).ExitCode.ShouldBe(0);
        var totals = JsonDocument.Parse((await WellmetProcess.RunAsync(["check", "--totals", "--json", .. Where(storage)])).Output).RootElement;

        await using var shop = await TestShop.OpenAsync(engine, workers: false, storage: storage);
        (await shop.UseAsync<CountSales, long>(count => count.WaitingAsync(default))).ShouldBe(0);
        var home = (await shop.UseAsync<ShowHome, HomeView?>(show => show.RunAsync(new HomeQuery("all"), default)))!.Figures;
        (home.Orders, home.Customers, home.RepeatCustomers, home.Revenue.Amount).ShouldBe((totals.GetProperty("orders").GetInt64(), totals.GetProperty("customers").GetInt64(),
            totals.GetProperty("repeat_customers").GetInt64(), totals.GetProperty("revenue").GetDecimal()));
        home.Orders.ShouldBe(6000);
    }

    [Fact]
    public async Task The_doctor_finds_a_fresh_installation_sound_and_an_open_key_file_bad()
    {
        (await WellmetProcess.RunAsync("migrate", "--data", folder)).ExitCode.ShouldBe(0);
        var sound = await WellmetProcess.RunAsync("check", "--data", folder, "--json");
        sound.ExitCode.ShouldBe(0, sound.Output);
        JsonDocument.Parse(sound.Output).RootElement.GetProperty("ok").GetBoolean().ShouldBeTrue();

        File.SetUnixFileMode(Path.Combine(folder, "keys", "root.key"), (UnixFileMode)0b110_100_100);
        var open = await WellmetProcess.RunAsync("check", "--data", folder, "--json");
        open.ExitCode.ShouldBe(1);
        JsonDocument.Parse(open.Output).RootElement.GetProperty("root_key_file").GetProperty("verdict").GetString().ShouldBe("bad");
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_backup_is_two_artefacts_and_comes_back_whole_while_a_damaged_or_mixed_one_is_refused(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        var subject = Wellmet.Platform.Id.New();
        Sealed<string> name;
        await using (var shop = await TestShop.OpenAsync(engine, workers: false, storage: storage))
        {
            name = (await shop.Get<KeyStore>().KeysAsync([subject], create: true, CancellationToken.None)).Seal(subject, "test.name", "Ada");
            var backup = await WellmetProcess.RunAsync(["backup", Path.Combine(folder, "backups"), "--json", .. Where(storage)]);
            backup.ExitCode.ShouldBe(0, backup.Errors);
            File.Copy(RootKey.FileIn(storage.KeysFolder), Path.Combine(folder, "root.key"));
        }
        string data = Directory.GetDirectories(Path.Combine(folder, "backups"), "data-*").Single(), keys = Directory.GetDirectories(Path.Combine(folder, "backups"), "keys-*").Single();
        var target = TestShop.NewStorage(engine);
        await RefusedAsync("not the two artefacts", ["restore", keys, data, "--root-key", Path.Combine(folder, "root.key"), .. Where(target)]);
        await RefusedAsync("root key", ["restore", data, keys, .. Where(target)]);

        var restored = await WellmetProcess.RunAsync(["restore", data, keys, "--root-key", Path.Combine(folder, "root.key"), .. Where(target)]);
        restored.ExitCode.ShouldBe(0, restored.Errors);
        await using (var shop = await TestShop.OpenAsync(engine, workers: false, storage: target))
        {
            (await shop.Get<KeyStore>().KeysAsync([subject], create: false, CancellationToken.None)).Open(subject, "test.name", name).ShouldBe("Ada");
        }
        var copy = Directory.EnumerateFiles(data, "data.*").Single();
        await File.AppendAllTextAsync(copy, "x");
        await RefusedAsync("is damaged", ["restore", data, keys, "--root-key", Path.Combine(folder, "root.key"), .. Where(TestShop.NewStorage(engine))]);
    }

    private static async Task RefusedAsync(string sentence, params string[] arguments)
    {
        using var refused = await WellmetProcess.RunAsync(arguments);
        refused.ExitCode.ShouldNotBe(0);
        refused.Errors.ReplaceLineEndings(" ").ShouldContain(sentence);
        refused.Errors.ShouldNotContain("   at Wellmet", Case.Sensitive, "a sentence, not a stack");
    }

    private static string[] Where(StorageOptions storage) =>
        storage.Postgres is null ? ["--data", storage.DataFolder] : ["--data", storage.DataFolder, "--database", storage.Postgres];

    private static string Text(int port) => port.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
