using Microsoft.Extensions.DependencyInjection;
using Wellmet.Faults.Child;
using Wellmet.Platform.Log;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Storage;

namespace Wellmet.Faults;

/// <summary>Compares what was acknowledged with what the database holds after a fault.</summary>
internal static class Ledger
{
    /// <summary>Every acknowledged event is there, none twice, and each has had its effect exactly once; answers how many there were.</summary>
    public static async Task<int> VerifyAsync(StorageOptions storage, string acks)
    {
        using var host = Appender.Open(storage, "verifier");
        await host.Services.GetRequiredService<Preparation>().RunAsync(CancellationToken.None);
        await host.StartAsync();
        var database = host.Services.GetRequiredService<Database>();
        if (storage.Engine == Engine.Sqlite)
        {
            (await database.ReadAsync(s => s.FirstAsync("pragma integrity_check(1)", null, r => r.Text(0), CancellationToken.None), CancellationToken.None)).ShouldBe("ok");
        }
        await DrainAsync(host.Services);
        var told = await EventsAsync(host.Services.GetRequiredService<LogReader>());
        var effects = await database.ReadAsync(s => s.QueryAsync("select subject_id, number from faults_effects", null, r => (r.Guid(0), r.Long(1)), CancellationToken.None), CancellationToken.None);
        await host.StopAsync();

        var acknowledged = Acknowledged.Read(acks);
        told.Count.ShouldBe(told.Distinct().Count(), "an event was told twice");
        acknowledged.Except(told).Count().ShouldBe(0, "acknowledged and lost");
        effects.Count.ShouldBe(effects.Distinct().Count(), "an effect happened twice");
        effects.Order().SequenceEqual(told.Order()).ShouldBeTrue($"{effects.Count} effects for {told.Count} events");
        return acknowledged.Count;
    }

    /// <summary>With no failure in n runs, the rate of failure is below 3/n with 95 % confidence (rule of three).</summary>
    public static string Bound(int runs) => $"0 of {runs} runs failed: below {3.0 / runs:P0} at 95 %";

    private static async Task<List<(Guid, long)>> EventsAsync(LogReader reader)
    {
        var told = new List<(Guid, long)>();
        await reader.ForEachAsync<Counted>(e => told.Add((e.SubjectId, e.Number)), CancellationToken.None);
        return told;
    }

    /// <summary>Waits until every receiver of the program has seen everything.</summary>
    public static async Task DrainAsync(IServiceProvider services)
    {
        var (log, receivers) = (services.GetRequiredService<LogReader>(), services.GetRequiredService<ModuleCatalog>().Receivers.Count);
        List<(string Receiver, long Behind)> lag = [];
        for (var i = 0; i < 1200; i++)
        {
            lag = await log.LagAsync(CancellationToken.None);
            if (lag.Count == receivers && lag.TrueForAll(l => l.Behind == 0))
            {
                return;
            }
            await Task.Delay(50);
        }
        throw new TimeoutException($"The receivers did not catch up within a minute: {string.Join(", ", lag.Select(l => $"{l.Receiver} is {l.Behind} events behind"))}.");
    }
}
