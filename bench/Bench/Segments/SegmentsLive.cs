using System.Diagnostics;
using Wellmet.Bench.Imports;
using Wellmet.Customers.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;
using Wellmet.Segments.Definitions;
using Wellmet.Segments.Members;
using Wellmet.Segments.Rules;

namespace Wellmet.Bench.Segments;

/// <summary>A thousand events a second about random customers, while every receiver of the program runs; some are watched until they changed who belongs, and others until time alone did.</summary>
internal sealed class SegmentsLive(int seconds)
{
    private const int PerSecond = 1000, Group = 10, WatchedPerSecond = 10;

    /// <param name="filled">The shop whose database it is; its workers do not run.</param>
    public async Task RunAsync(BenchShop filled, string? postgres, int customers, Dictionary<string, double> metrics, CancellationToken ct)
    {
        await using var shop = await BenchShop.OnAsync(filled.Folder, postgres);
        var database = shop.Database;
        var people = await database.ReadAsync(s => s.QueryAsync("select subject_id from segments_histories limit 20000", null, r => r.Guid(0), ct), ct);
        var entering = await SaveAsync(shop, "Watched", """{"did":"Watched","window":{"last":"30d"}}""", ct);
        var leaving = await SaveAsync(shop, "Expiring", """{"did":"Expiring","window":{"last":"30d"}}""", ct);
        while (await database.ReadAsync(s => s.CountAsync("select count(*) from segments_segments where state = 'filling'", null, ct), ct) > 0)
        {
            await Task.Delay(50, ct);
        }
        var (entered, left) = (new Watch(database, "segments_members", "entered_at", entering), new Watch(database, "segments_stays", "left_at", leaving));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var watching = Task.WhenAll(entered.RunAsync(stop.Token), left.RunAsync(stop.Token));
        var (history, told) = (new MadeUpHistory(11, TimeProvider.System.GetUtcNow()), 0);
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < seconds * PerSecond / Group; i++)
        {
            if (TimeSpan.FromSeconds((double)i * Group / PerSecond) - Stopwatch.GetElapsedTime(started) is { TotalMilliseconds: > 1 } early)
            {
                await Task.Delay(early, ct);
            }
            var now = TimeProvider.System.GetUtcNow();
            var group = Enumerable.Range(0, Group).Select(j => history.Of(people[((i * Group) + j) % (people.Count / 2)], 2)[1]).ToList();
            if (i % (PerSecond / Group / WatchedPerSecond) == 0)
            {
                // Two who are nobody else's, from the other half.
                var (a, b) = (people[(people.Count / 2) + (told % (people.Count / 4))], people[(people.Count * 3 / 4) + (told % (people.Count / 4))]);
                told++;
                group.Add(new EventCollected(a, now, CollectedKind.Track, "Watched", Facts()));
                var ends = now.AddSeconds(2 + (told % 5));
                group.Add(new EventCollected(b, ends.AddDays(-30), CollectedKind.Track, "Expiring", Facts()));
                left.Expect(b, Stopwatch.GetTimestamp() + (long)((ends - now).TotalSeconds * Stopwatch.Frequency));
                await database.WriteAsync(tx => { group.ForEach(e => tx.Append(e)); return Task.CompletedTask; }, ct);
                entered.Expect(a, Stopwatch.GetTimestamp());
            }
            else
            {
                await database.WriteAsync(tx => { group.ForEach(e => tx.Append(e)); return Task.CompletedTask; }, ct);
            }
        }
        metrics["live_events_per_second"] = Math.Round(seconds * PerSecond / Stopwatch.GetElapsedTime(started).TotalSeconds);
        await Task.Delay(TimeSpan.FromSeconds(12), ct);
        await stop.CancelAsync();
        await watching;
        entered.Report("membership", metrics);
        left.Report("expiry", metrics);
        await shop.StopAsync();
    }

    private static CollectedFacts Facts() => new(Id.New(), null, Id.New().ToString(), Trusted: true, Anonymous: false, EventProperties.None, null);

    private static async Task<Guid> SaveAsync(BenchShop shop, string name, string rule, CancellationToken ct) =>
        await shop.UseAsync<SaveSegment, Guid>(s => s.RunAsync(null, new SegmentDraft($"{name} {Id.New():N}", "", RuleJson.Read(rule)), ct));

    /// <summary>Looks every few milliseconds who has come to stand in a table.</summary>
    private sealed class Watch(Database database, string table, string column, Guid segment)
    {
        private readonly Dictionary<Guid, long> expected = [];
        private readonly Dictionary<Guid, long> seen = [];
        private readonly Lock gate = new();

        public void Expect(Guid customer, long at)
        {
            lock (gate)
            {
                expected.TryAdd(customer, at);
            }
        }

        public async Task RunAsync(CancellationToken ct)
        {
            var since = TimeProvider.System.GetUtcNow();
            while (!ct.IsCancellationRequested)
            {
                var rows = await database.ReadAsync(s => s.QueryAsync($"select subject_id from {table} where segment_id = @segment and {column} >= @since", new { segment, since = since.AddSeconds(-30) }, r => r.Guid(0), CancellationToken.None), CancellationToken.None);
                var now = Stopwatch.GetTimestamp();
                since = TimeProvider.System.GetUtcNow();
                lock (gate)
                {
                    rows.ForEach(r => seen.TryAdd(r, now));
                }
                await Task.Delay(5, CancellationToken.None);
            }
        }

        public void Report(string name, Dictionary<string, double> metrics)
        {
            var waits = expected.Where(e => seen.ContainsKey(e.Key)).Select(e => (seen[e.Key] - e.Value) * 1000.0 / Stopwatch.Frequency).Order().ToList();
            metrics[$"{name}_watched"] = expected.Count;
            metrics[$"{name}_missing"] = expected.Count - waits.Count;
            metrics[$"{name}_p50_ms"] = waits.Count == 0 ? -1 : Math.Round(waits[waits.Count / 2], 1);
            metrics[$"{name}_p99_ms"] = waits.Count == 0 ? -1 : Math.Round(waits[Math.Min(waits.Count - 1, waits.Count * 99 / 100)], 1);
        }
    }
}
