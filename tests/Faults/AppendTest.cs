using System.Security.Cryptography;
using Wellmet.Platform.Storage;
using Wellmet.Tests;

namespace Wellmet.Faults;

/// <summary>Concurrent appends under kill -9 and power cuts: nothing acknowledged is lost, nothing happens twice.</summary>
public sealed class AppendTest(ITestOutputHelper output)
{
    private const int Writers = 8;

    [Fact]
    public async Task Sqlite_survives_20_kills() => await KillAsync(NewFolder(), postgres: null, runs: 20);

    [Fact]
    public async Task Postgres_clients_survive_20_kills() => await KillAsync(NewFolder(), Postgres(), runs: 20);

    [Fact]
    [Trait("tier", "long")]
    public async Task Sqlite_survives_100_kills() => await KillAsync(NewFolder(), postgres: null, runs: 100);

    [Fact]
    public async Task Sqlite_survives_10_power_cuts() => await CutPowerAsync(runs: 10);

    [Fact]
    [Trait("tier", "long")]
    public async Task Sqlite_survives_50_power_cuts() => await CutPowerAsync(runs: 50);

    private async Task KillAsync(string folder, string? postgres, int runs)
    {
        var acks = Path.Combine(folder, "acks");
        for (var run = 0; run < runs; run++)
        {
            using var child = ChildProcess.Append(folder, acks, Writers, postgres, $"child-{run}");
            await child.ReadyAsync();
            await Task.Delay(RandomNumberGenerator.GetInt32(100, 1000));
            child.Kill();
            await child.ExitAsync();
        }
        var acknowledged = await Ledger.VerifyAsync(new StorageOptions(folder, postgres), acks);
        output.WriteLine($"{runs} kills, {acknowledged} acknowledged events, 0 lost, 0 twice. {Ledger.Bound(runs)}");
        acknowledged.ShouldBeGreaterThan(runs);
        Directory.Delete(folder, recursive: true);
    }

    private async Task CutPowerAsync(int runs)
    {
        using var disk = FaultDisk.Ext4(megabytes: 256);
        var acks = Path.Combine(NewFolder(), "acks");
        var acknowledged = 0;
        for (var run = 0; run < runs; run++)
        {
            var data = Path.Combine(disk.Folder, "data");
            using (var child = ChildProcess.Append(data, acks, Writers, null, $"child-{run}"))
            {
                await child.ReadyAsync();
                await Task.Delay(RandomNumberGenerator.GetInt32(200, 1500));
                disk.CutPower(child);
                child.Kill();
                await child.ExitAsync();
            }
            disk.Restart();
            acknowledged = await Ledger.VerifyAsync(new StorageOptions(data, null), acks);
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        }
        output.WriteLine($"{runs} power cuts, {acknowledged} acknowledged events, 0 lost, 0 twice. {Ledger.Bound(runs)}");
        acknowledged.ShouldBeGreaterThan(runs);
    }

    private static string NewFolder() => Directory.CreateTempSubdirectory("wellmet-faults").FullName;

    private static string Postgres()
    {
        Assert.SkipWhen(PostgresCluster.Instance is null, "PostgreSQL 15 is not installed (apt-get install postgresql-15).");
        return PostgresCluster.Instance!.CreateDatabase();
    }
}
