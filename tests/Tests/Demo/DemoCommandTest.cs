using System.Data.Common;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Npgsql;
using Wellmet.Platform.Storage;
using Wellmet.Tests.Server;

namespace Wellmet.Tests.Demo;

/// <summary>The demo shop by the real program: made by the first start or by the command, killed, taken up again, removed.</summary>
public sealed class DemoCommandTest
{
    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task The_first_start_makes_one_while_it_serves(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        using (var up = WellmetProcess.Start(["up", "--port", Port(), .. Where(storage)]))
        {
            await up.ReadyAsync();
            await EventuallyAsync(storage, "select count(*) from demo_shop where stage = 'ready'", 1);
            up.Output.ShouldContain("A demo shop is being made");
            up.Interrupt();
            await up.ExitAsync();
        }
        (await CountAsync(storage, "select count(*) from customers_subjects")).ShouldBe(2000);
    }

    [Fact]
    public async Task Without_a_demo_means_without_now_and_later()
    {
        var storage = TestShop.NewStorage(Engine.Sqlite);
        foreach (var options in new string[][] { ["--no-demo"], [] })
        {
            using var up = WellmetProcess.Start(["up", "--port", Port(), .. options, .. Where(storage)]);
            await up.ReadyAsync();
            await Task.Delay(1500);
            up.Output.ShouldNotContain("demo shop");
            up.Interrupt();
            await up.ExitAsync();
        }
        (await CountAsync(storage, "select count(*) from demo_shop")).ShouldBe(0);
    }

    [Theory, MemberData(nameof(TestShop.Engines), MemberType = typeof(TestShop))]
    public async Task A_killed_one_is_taken_up_again_and_removed(Engine engine)
    {
        var storage = TestShop.NewStorage(engine);
        var customers = engine == Engine.Sqlite ? "4000" : "12000";
        string[] demo = ["demo", "--customers", customers, "--months", "3", "--json", .. Where(storage)];
        using (var first = WellmetProcess.Start(demo))
        {
            await EventuallyAsync(storage, "select count(*) from demo_shop where done > 0", 1);
        } // killed
        (await CountAsync(storage, "select count(*) from demo_shop where stage = 'making'")).ShouldBe(1);

        (await RefusedAsync(["demo", "--customers", "7", .. Where(storage)])).ShouldContain("demo shop");
        var report = await RunAsync(demo);
        (report.GetProperty("state").GetString(), report.GetProperty("customers").GetInt64()).ShouldBe(("ready", long.Parse(customers, System.Globalization.CultureInfo.InvariantCulture)));
        (await CountAsync(storage, "select count(*) from customers_subjects")).ShouldBe(report.GetProperty("customers").GetInt64());
        (await CountAsync(storage, "select sum(revenue_minor) from insights_daily")).ShouldBe(await CountAsync(storage, "select sum(revenue_minor) from commerce_orders"));

        (await RefusedAsync(["demo", .. Where(storage)])).ShouldContain("There is a demo shop already");
        (await RunAsync(["demo", "--remove", "--json", .. Where(storage)])).GetProperty("state").GetString().ShouldBe("removed");
        (await CountAsync(storage, "select (select count(*) from customers_subjects) + (select count(*) from commerce_orders) + (select count(*) from log_events) + (select count(*) from demo_shop)")).ShouldBe(0);
        (await RefusedAsync(["demo", "--remove", .. Where(storage)])).ShouldContain("There is no demo shop");
    }

    [Fact]
    public async Task Numbers_out_of_bounds_are_refused()
    {
        var storage = TestShop.NewStorage(Engine.Sqlite);
        (await RefusedAsync(["demo", "--customers", "0", .. Where(storage)])).ShouldContain("A demo shop has 1 to 5000000 customers.");
        (await RefusedAsync(["demo", "--months", "61", .. Where(storage)])).ShouldContain("A demo shop goes back 1 to 60 months.");
    }

    private static string[] Where(StorageOptions storage) => storage.Postgres is null ? ["--data", storage.DataFolder] : ["--data", storage.DataFolder, "--database", storage.Postgres];

    private static string Port() => WebShop.FreePort().ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<JsonElement> RunAsync(string[] arguments)
    {
        using var run = await WellmetProcess.RunAsync(arguments);
        run.ExitCode.ShouldBe(0, run.Output + run.Errors);
        return JsonElement.Parse(run.Output);
    }

    private static async Task<string> RefusedAsync(string[] arguments)
    {
        using var run = await WellmetProcess.RunAsync(arguments);
        run.ExitCode.ShouldBe(1, run.Output + run.Errors);
        return run.Errors;
    }

    private static async Task<long> CountAsync(StorageOptions storage, string sql)
    {
        await using DbConnection connection = storage.Postgres is null ? new SqliteConnection($"Data Source={storage.SqliteFile};Pooling=False") : new NpgsqlConnection(storage.Postgres);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>The tables may not be there yet.</summary>
    private static async Task EventuallyAsync(StorageOptions storage, string sql, long wanted)
    {
        for (var i = 0; i < 400; i++)
        {
            try
            {
                if (await CountAsync(storage, sql) == wanted)
                {
                    return;
                }
            }
            catch (DbException e)
            {
                TestContext.Current.SendDiagnosticMessage(e.Message);
            }
            await Task.Delay(100);
        }
        throw new TimeoutException(sql);
    }
}
