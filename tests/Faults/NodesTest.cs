using Microsoft.Extensions.DependencyInjection;
using Wellmet.Faults.Child;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;
using Wellmet.Tests;

namespace Wellmet.Faults;

/// <summary>Two server processes over one PostgreSQL.</summary>
public sealed class NodesTest(ITestOutputHelper output)
{
    [Fact]
    public async Task Each_partition_has_one_owner_a_killed_owner_is_replaced_and_a_paused_one_is_fenced_off()
    {
        Assert.SkipWhen(PostgresCluster.Instance is null, "PostgreSQL 15 is not installed (apt-get install postgresql-15).");
        var storage = new StorageOptions(Directory.CreateTempSubdirectory("wellmet-nodes").FullName, PostgresCluster.Instance!.CreateDatabase());
        var acks = Path.Combine(storage.DataFolder, "acks");
        using var observer = Appender.Open(storage, "observer", workers: false);
        using var first = ChildProcess.Append(storage.DataFolder, acks, 4, storage.Postgres, "first");
        await first.ReadyAsync();
        using var second = ChildProcess.Append(storage.DataFolder, acks, 4, storage.Postgres, "second");
        await second.ReadyAsync();
        var database = observer.Services.GetRequiredService<Database>();

        await UntilAsync(async () => await OwnersAsync(database) is { Count: 2 } owners && owners["first"] == 32 && owners["second"] == 32, "an even share");

        var killed = TimeProvider.System.GetTimestamp();
        second.Kill();
        await UntilAsync(async () => await OwnersAsync(database) is { Count: 1 } owners && owners["first"] == Partitions.Count, "the survivor holds all");
        var takeover = TimeProvider.System.GetElapsedTime(killed);
        takeover.ShouldBeLessThan(TimeSpan.FromSeconds(15));

        using var third = ChildProcess.Append(storage.DataFolder, acks, 4, storage.Postgres, "third");
        await third.ReadyAsync();
        await UntilAsync(async () => await OwnersAsync(database) is { Count: 2 }, "the newcomer has a share");
        third.Pause();
        await UntilAsync(async () => await OwnersAsync(database) is { Count: 1 } owners && owners["first"] == Partitions.Count, "the sleeper's partitions are taken");
        await Task.Delay(2000);
        third.Continue();
        await Task.Delay(3000);
        first.Kill();
        third.Kill();
        await Task.WhenAll(first.ExitAsync(), third.ExitAsync());

        var acknowledged = await Ledger.VerifyAsync(storage, acks);
        output.WriteLine($"{acknowledged} acknowledged events over three nodes, 0 lost, 0 effects twice; takeover after a kill in {takeover.TotalSeconds:F1} s");
    }

    private static async Task<Dictionary<string, int>> OwnersAsync(Database database)
    {
        var rows = await database.ReadAsync(s => s.QueryAsync(
            "select node, count(*) from log_leases where lease_until > now() group by node", null, r => (r.Text(0), r.Int(1)), CancellationToken.None), CancellationToken.None);
        return rows.ToDictionary(r => r.Item1, r => r.Item2);
    }

    private static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        for (var i = 0; i < 300; i++)
        {
            if (await holds())
            {
                return;
            }
            await Task.Delay(100);
        }
        throw new TimeoutException($"Not within 30 seconds: {what}.");
    }
}
