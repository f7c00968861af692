namespace Wellmet.Platform.Storage;

/// <summary>Reads the settings on which the promise 'acknowledged means durable' rests.</summary>
public static class Durability
{
    /// <summary>Settings weaker than the promise, as <c>name = value (needed: value)</c>; empty when all is well.</summary>
    public static Task<IReadOnlyList<string>> WeaknessesAsync(Database database, CancellationToken ct) =>
        database.ReadAsync(session => session.Engine == Engine.Sqlite ? SqliteAsync(session, ct) : PostgresAsync(session, ct), ct);

    private static async Task<IReadOnlyList<string>> SqliteAsync(Session session, CancellationToken ct)
    {
        var weak = new List<string>();
        var journal = await session.FirstAsync("pragma journal_mode", null, r => r.Text(0), ct);
        var synchronous = await session.CountAsync("pragma synchronous", null, ct);
        if (journal != "wal")
        {
            weak.Add($"journal_mode = {journal} (needed: wal)");
        }
        if (synchronous < 2)
        {
            weak.Add($"synchronous = {synchronous} (needed: 2, full)");
        }
        return weak;
    }

    private static async Task<IReadOnlyList<string>> PostgresAsync(Session session, CancellationToken ct)
    {
        var weak = new List<string>();
        foreach (var (setting, accepted) in new[]
        {
            ("fsync", new[] { "on" }),
            ("full_page_writes", ["on"]),
            ("synchronous_commit", ["on", "remote_apply", "remote_write"]),
        })
        {
            var value = await session.FirstAsync($"select current_setting('{setting}')", null, r => r.Text(0), ct);
            if (!accepted.Contains(value))
            {
                weak.Add($"{setting} = {value} (needed: {accepted[0]})");
            }
        }
        return weak;
    }
}
