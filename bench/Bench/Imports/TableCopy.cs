using System.Diagnostics;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Storage;

namespace Wellmet.Bench.Imports;

/// <summary>
/// The floor of an import: the rows that it left behind, inserted plainly into a fresh database with the same tables, indexes and
/// durability, in the order in which they came and in as many transactions.
/// </summary>
internal sealed class TableCopy
{
    private static readonly string[] Orders = ["recorded_at", "placed_at", "first_seen_at", "said_at", "seen_at", "line"];
    private readonly List<(string Table, string[] Columns, List<object?[]> Rows)> tables = [];

    public long Rows => tables.Sum(t => (long)t.Rows.Count);

    /// <summary>Reads every table that holds rows and that a fresh database leaves empty.</summary>
    public static async Task<TableCopy> OfAsync(Database from, ModuleCatalog catalog, CancellationToken ct)
    {
        var copy = new TableCopy();
        var names = Migrator.Find(catalog.Assemblies).SelectMany(m => m.Tables).Select(t => t.Name).Where(t => t != "log_partitions").ToList();
        await from.ReadAsync(async session =>
        {
            var standing = await session.QueryAsync(session.Pick("select name from sqlite_master", "select table_name from information_schema.tables where table_schema = current_schema()"), null, r => r.Text(0), ct);
            // A later migration may have dropped what an earlier one made.
            foreach (var table in names.Intersect(standing))
            {
                await copy.ReadAsync(session, table, ct);
            }
        }, ct);
        return copy;
    }

    /// <summary>Inserts everything; answers how long it took.</summary>
    public async Task<TimeSpan> InsertAsync(Database into, int transactions, CancellationToken ct)
    {
        await LeaveOutSeededAsync(into, ct);
        var inserts = tables.ConvertAll(t => new BulkInsert<object?[]>(t.Table, [.. t.Columns.Select((c, i) => new Column<object?[]>(c, TypeOf(t.Rows, i), r => r[i]))]));
        var started = Stopwatch.GetTimestamp();
        for (var n = 0; n < transactions; n++)
        {
            await into.WriteAsync(async tx =>
            {
                for (var t = 0; t < tables.Count; t++)
                {
                    var rows = tables[t].Rows;
                    int from = (int)((long)rows.Count * n / transactions), to = (int)((long)rows.Count * (n + 1) / transactions);
                    await inserts[t].RunAsync(tx, rows.GetRange(from, to - from), ct);
                }
            }, ct);
        }
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Tables that a fresh database fills by itself are no work of an import.</summary>
    private Task LeaveOutSeededAsync(Database into, CancellationToken ct) => into.ReadAsync(async session =>
    {
        foreach (var table in tables.ConvertAll(t => t.Table))
        {
            if (await session.CountAsync($"select count(*) from {table}", null, ct) > 0)
            {
                tables.RemoveAll(t => t.Table == table);
            }
        }
    }, ct);

    private async Task ReadAsync(Session session, string table, CancellationToken ct)
    {
        var columns = await ColumnsAsync(session, table, ct);
        var order = Orders.FirstOrDefault(columns.Contains);
        var json = new HashSet<int>();
        var rows = new List<object?[]>();
        await using var command = session.Command($"select {string.Join(", ", columns)} from {table} {(order is null ? "" : "order by " + order)}");
        await using var reader = await command.ExecuteReaderAsync(ct);
        for (var i = 0; i < columns.Length; i++)
        {
            if (reader.GetDataTypeName(i) == "jsonb")
            {
                json.Add(i);
            }
        }
        while (await reader.ReadAsync(ct))
        {
            rows.Add([.. columns.Select((_, i) => reader.IsDBNull(i) ? null : Written(reader.GetValue(i), json.Contains(i)))]);
        }
        if (rows.Count > 0)
        {
            tables.Add((table, columns, rows));
        }
    }

    private static async Task<string[]> ColumnsAsync(Session session, string table, CancellationToken ct)
    {
        await using var command = session.Command($"select * from {table} where 1 = 0");
        await using var reader = await command.ExecuteReaderAsync(ct);
        return [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
    }

    private static object Written(object value, bool json) => value switch
    {
        DateTime time => new DateTimeOffset(time, TimeSpan.Zero),
        string text when json => new Json(text),
        _ => value,
    };

    private static Type TypeOf(List<object?[]> rows, int column) => rows.Find(r => r[column] is not null)?[column]?.GetType() ?? typeof(string);
}
