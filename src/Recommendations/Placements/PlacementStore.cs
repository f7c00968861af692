using System.Text.Json;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Serving;

namespace Wellmet.Recommendations.Placements;

/// <summary>The placements as they stand: what the shop changed or made, and what came with the program.</summary>
public sealed class PlacementStore(Database database)
{
    private const string Columns = "name, source, fills, rules, changed_at, for_segments, model_day";
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Null where there is none of this name.</summary>
    internal async Task<Placement?> FindAsync(string name, CancellationToken ct) =>
        !Placement.IsName(name) ? null : await database.ReadAsync(s => s.FirstAsync($"select {Columns} from recommendations_placements where name = @name", new { name }, Read, ct), ct) ?? Placement.BuiltInOf(name);

    /// <summary>Those of the program first, then the shop's own by name.</summary>
    internal async Task<IReadOnlyList<Placement>> AllAsync(CancellationToken ct)
    {
        var stored = await database.ReadAsync(s => s.QueryAsync($"select {Columns} from recommendations_placements order by name", null, Read, ct), ct);
        return [.. Placement.BuiltIn.Select(b => stored.Find(p => p.Name == b.Name) ?? b), .. stored.Where(p => Placement.BuiltInOf(p.Name) is null)];
    }

    internal static async Task<bool> StandsAsync(Transaction tx, string name, CancellationToken ct) =>
        await tx.CountAsync("select count(*) from recommendations_placements where name = @name", new { name }, ct) > 0;

    /// <summary>How many the shop made itself, other than this one.</summary>
    internal static async Task<int> OwnAsync(Transaction tx, string except, CancellationToken ct) =>
        (await tx.QueryAsync("select name from recommendations_placements where name <> @except", new { except }, r => r.Text(0), ct)).Count(n => Placement.BuiltInOf(n) is null);

    internal static Task WriteAsync(Transaction tx, Placement placement, DateTimeOffset now, CancellationToken ct) => tx.ExecuteAsync("""
        insert into recommendations_placements (name, source, fills, rules, model_day, changed_at) values (@Name, @Source, @Fills, @rules, @ModelDay, @now)
        on conflict (name) do update set source = excluded.source, fills = excluded.fills, rules = excluded.rules, model_day = excluded.model_day, changed_at = excluded.changed_at
        """, new { placement.Name, placement.Source, placement.Fills, placement.ModelDay, rules = new Json(JsonSerializer.Serialize(placement.Rules, Format)), now }, ct);

    /// <summary>Writes the rules for segments of a placement that stands.</summary>
    internal static Task WriteForSegmentsAsync(Transaction tx, string name, IReadOnlyList<SegmentRules> rules, DateTimeOffset now, CancellationToken ct) => tx.ExecuteAsync(
        "update recommendations_placements set for_segments = @rules, changed_at = @now where name = @name", new { name, rules = new Json(JsonSerializer.Serialize(rules, Format)), now }, ct);

    /// <summary>Holds a placement's row until the transaction ends, and makes it where the placement stands as it came.</summary>
    internal static async Task LockAsync(Transaction tx, string name, DateTimeOffset now, CancellationToken ct)
    {
        if (Placement.BuiltInOf(name) is { } builtIn && !await StandsAsync(tx, name, ct))
        {
            await WriteAsync(tx, builtIn, now, ct);
        }
        await tx.ExecuteAsync("update recommendations_placements set changed_at = changed_at where name = @name", new { name }, ct);
    }

    /// <summary>As it stands in this transaction; null where there is none of this name.</summary>
    internal static async Task<Placement?> ReadAsync(Transaction tx, string name, CancellationToken ct) =>
        await tx.FirstAsync($"select {Columns} from recommendations_placements where name = @name", new { name }, Read, ct) ?? Placement.BuiltInOf(name);

    /// <summary>A shop's own is gone then; one of the program's stands as it came.</summary>
    internal static async Task<bool> DeleteAsync(Transaction tx, string name, CancellationToken ct) =>
        await tx.ExecuteAsync("delete from recommendations_placements where name = @name", new { name }, ct) > 0;

    private static Placement Read(Row row) =>
        new(row.Text(0), row.Enum<PlacementSource>(1), row.Bool(2), JsonSerializer.Deserialize<ListRules>(row.Text(3), Format)!, row.Time(4))
        {
            ForSegments = row.TextOrNull(5) is { } rules ? JsonSerializer.Deserialize<List<SegmentRules>>(rules, Format)! : [],
            ModelDay = row.IsNull(6) ? null : row.Day(6),
        };
}
