using System.Text.Json;
using Wellmet.Platform.Storage;
using Wellmet.Science.Recommenders;

namespace Wellmet.Recommendations.Quality;

/// <summary>Keeps the reports, and with them the settings that all nodes train with.</summary>
public sealed class QualityStore(Database database)
{
    private const int Kept = 90;

    /// <summary>Takes the day for this node; false where another one has it, unless it is asked for <paramref name="again"/>.</summary>
    internal async Task<bool> TakeAsync(DateOnly day, DateTimeOffset now, bool again, CancellationToken ct) => await database.WriteAsync(tx => tx.ExecuteAsync("""
        insert into recommendations_checks (day, started_at) values (@day, @now)
        on conflict (day) do update set started_at = excluded.started_at where @again
        """, new { day, now, again }, ct), ct) > 0;

    /// <param name="report">Null where there was too little to measure.</param>
    internal Task FinishAsync(DateOnly day, DateTimeOffset now, QualityReport? report, CancellationToken ct) => database.WriteAsync(tx => tx.ExecuteAsync(
        "update recommendations_checks set finished_at = @now, report = @json where day = @day",
        new { day, now, json = report is null ? (Json?)null : new Json(JsonSerializer.Serialize(report)) }, ct), ct);

    /// <summary>The last ninety, earliest first.</summary>
    public async Task<IReadOnlyList<DatedReport>> AllAsync(CancellationToken ct)
    {
        var rows = await database.ReadAsync(s => s.QueryAsync("select day, report from recommendations_checks where report is not null order by day desc limit @Kept", new { Kept },
            r => (Day: r.Day(0), Report: Read(r.Text(1))), ct), ct);
        return [.. rows.Where(r => r.Report is not null).Select(r => new DatedReport(r.Day, r.Report!)).Reverse()];
    }

    /// <summary>What to train with: the settings that were found best last, or the defaults.</summary>
    public async Task<FoundSettings> SettingsAsync(CancellationToken ct) =>
        await database.ReadAsync(s => s.FirstAsync("select report from recommendations_checks where report is not null order by day desc limit 1", null, r => Read(r.Text(0)), ct), ct) is { } report
            ? new FoundSettings(report.Settings, report.Signals) : new FoundSettings(ForYouSettings.Default, null);

    /// <summary>Null for a report of another version of the program, which says nothing to this one.</summary>
    private static QualityReport? Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<QualityReport>(json) is { Settings: { Ridge: not null, Als: not null, Spectral: not null } } report ? report : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
