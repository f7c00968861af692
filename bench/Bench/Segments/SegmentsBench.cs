using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Wellmet.Bench.Imports;
using Wellmet.Platform;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;
using Wellmet.Segments.Definitions;
using Wellmet.Segments.Members;
using Wellmet.Segments.Rules;

namespace Wellmet.Bench.Segments;

/// <summary>
/// New segments over all customers, each compared with plain SQL over the log that finds the same people; then fifty segments live while a thousand events come in each second: how long until an
/// event changes who belongs, and how late somebody leaves by time alone. <c>--customers</c>, <c>--events</c>, <c>--database</c> (PostgreSQL), <c>--seconds</c> of the live part, <c>--no-floor</c>, <c>--loaded</c> for a database that an earlier run filled.
/// </summary>
internal sealed partial class SegmentsBench : IBench
{
    public string Name => "segments";
    public string Summary => "New segments over a million customers against plain SQL over the log; time from an event to a changed membership while fifty are live";

    public async Task<BenchResult> RunAsync(BenchArguments arguments, CancellationToken ct)
    {
        int customers = arguments.Number("customers", 100_000), events = arguments.Number("events", 20 * arguments.Number("customers", 100_000));
        var metrics = new Dictionary<string, double>();
        await using var shop = await BenchShop.OpenAsync(arguments.Text("database"), workers: false);
        var loaded = Stopwatch.GetTimestamp();
        if (!arguments.Has("loaded"))
        {
            await new SegmentsLoad(shop).RunAsync(customers, events, ct);
        }
        metrics["load_seconds"] = Seconds(loaded);
        metrics["history_bytes"] = Math.Round(await shop.Database.ReadAsync(s => s.FirstAsync("select avg(length(facts)) from segments_histories", null, r => r.Double(0), ct), ct));
        var (rebuilds, floors, wrong) = (new List<double>(), new List<double>(), 0);
        foreach (var rule in BenchRule.Ten)
        {
            var started = Stopwatch.GetTimestamp();
            var id = await shop.UseAsync<SaveSegment, Guid>(s => s.RunAsync(null, new SegmentDraft($"{rule.Name} {Id.New():N}", "", RuleJson.Read(rule.Json)), ct));
            var size = await shop.UseAsync<FillSegment, long?>(f => f.RunAsync(id, ct));
            rebuilds.Add(Seconds(started));
            var plain = (Rows: -1L, Same: true);
            if (!arguments.Has("no-floor"))
            {
                started = Stopwatch.GetTimestamp();
                plain = await FloorAsync(shop.Database, id, rule, ct);
                floors.Add(Seconds(started));
                wrong += plain.Same ? 0 : 1;
            }
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{rule.Name,-26} {size,9} members in {rebuilds[^1],6:0.00} s; plain SQL {plain.Rows,9} in {floors.LastOrDefault(),6:0.00} s{(plain.Same ? "" : "  OTHER PEOPLE")}"));
        }
        (metrics["rebuild_seconds"], metrics["rebuild_seconds_mean"]) = (rebuilds.Max(), Math.Round(rebuilds.Average(), 2));
        (metrics["floor_seconds"], metrics["floor_seconds_max"], metrics["rules_other_than_floor"]) = (floors.Count == 0 ? 0 : Math.Round(floors.Average(), 2), floors.DefaultIfEmpty().Max(), wrong);
        for (var variant = 1; variant < 5; variant++)
        {
            foreach (var rule in BenchRule.Ten)
            {
                var id = await shop.UseAsync<SaveSegment, Guid>(s => s.RunAsync(null, new SegmentDraft($"{rule.Name} {variant} {Id.New():N}", "", RuleJson.Read(rule.Variant(variant))), ct));
                await shop.UseAsync<FillSegment, long?>(f => f.RunAsync(id, ct));
            }
        }
        await shop.StopAsync();
        await new SegmentsLive(arguments.Number("seconds", 20)).RunAsync(shop, arguments.Text("database"), customers, metrics, ct);
        return new BenchResult(new Dictionary<string, object?> { ["engine"] = arguments.Text("database") is null ? "sqlite" : "postgres", ["customers"] = customers, ["events"] = events, ["segments"] = 50 },
            metrics, new Dictionary<string, double> { ["rebuild_seconds"] = arguments.Text("database") is null ? 15 : 5, ["membership_p99_ms"] = 1000, ["expiry_p99_ms"] = 1000, ["rules_other_than_floor"] = 0 });
    }

    private static double Seconds(long started) => Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 2);

    /// <summary>How many the plain statement finds, and whether they are the members; the comparison is of the moment at which they were asked.</summary>
    private static async Task<(long Rows, bool Same)> FloorAsync(Database database, Guid segment, BenchRule rule, CancellationToken ct)
    {
        var members = await database.ReadAsync(s => s.QueryAsync("select subject_id, entered_at from segments_members where segment_id = @segment", new { segment }, r => (Id: r.Guid(0), At: r.Time(1)), ct), ct);
        // The moment at which everybody was asked lies between the making of the rule and the entry of the members; no fact of the bench ends in between but by chance.
        var now = await database.ReadAsync(s => s.FirstAsync("select filled_at from segments_segments where segment_id = @segment", new { segment }, r => r.Time(0), ct), ct);
        var found = await database.ReadAsync(s => s.QueryAsync(SqlOf(rule.Floor, s), new { now }, r => r.Guid(0), ct), ct);
        var (plain, ours) = (found.ToHashSet(), members.Select(m => m.Id).ToHashSet());
        plain.SymmetricExceptWith(ours);
        // A window may end for somebody in the second between the two questions.
        return (found.Count, plain.Count <= ours.Count / 1000);
    }

    /// <summary>The statement as the engine writes it.</summary>
    private static string SqlOf(string floor, Session session)
    {
        var sql = Property().Replace(floor, m => Json(session, m.Groups["table"].Value, m.Groups["path"].Value.Split('.'), m.Groups["number"].Success));
        return Span().Replace(sql, m => m.Groups["after"].Success
            ? session.Pick($"a.occurred_at + {m.Groups["days"].Value} * 86400000000", $"a.occurred_at + interval '{m.Groups["days"].Value} days'")
            : session.Pick($"@now - {m.Groups["days"].Value} * 86400000000", $"@now - interval '{m.Groups["days"].Value} days'"));
    }

    private static string Json(Session session, string table, string[] path, bool number)
    {
        var column = table.Length == 0 ? "payload" : table + ".payload";
        return session.Engine == Engine.Sqlite
            ? $"json_extract({column}, '$.{string.Join('.', path)}')"
            : $"({column}{string.Concat(path.SkipLast(1).Select(p => $" -> '{p}'"))} ->> '{path[^1]}'){(number ? "::numeric" : "")}";
    }

    [GeneratedRegex(@"\[(?:(?<table>\w):)?(?<path>[\w.]+)\](?<number>#)?")]
    private static partial Regex Property();

    [GeneratedRegex(@"\{(?<after>a\+)?(?<days>\d+)\}")]
    private static partial Regex Span();
}
