using Wellmet.Platform.Storage;

namespace Wellmet.Bench.Imports;

/// <summary>
/// Rows that a measured run left behind in one database, to be inserted plainly into a fresh one with the same tables, indexes and
/// durability, in the order in which they came; see <see cref="Floor"/>.
/// </summary>
internal sealed class TableCopy
{
    private static readonly string[] Orders = ["recorded_at", "placed_at", "first_seen_at", "said_at", "seen_at", "line"];
    private readonly List<(string Table, string[] Columns, Type[] Types, List<object?[]> Rows)> tables = [];

    public long Rows => tables.Sum(t => (long)t.Rows.Count);

    /// <summary>Reads every table that holds rows.</summary>
    public static Task<TableCopy> OfAsync(Database from, CancellationToken ct) => from.ReadAsync(async session =>
    {
        var copy = new TableCopy();
        var standing = await session.QueryAsync(session.Pick(
            "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'",
            "select table_name from information_schema.tables where table_schema = current_schema() and table_type = 'BASE TABLE'"), null, r => r.Text(0), ct);
        foreach (var table in standing.Order(StringComparer.Ordinal))
        {
            await copy.ReadAsync(session, table, ct);
        }
        return copy;
    }, ct);

    /// <summary>Inserts one of so many equal parts, in one transaction.</summary>
    public Task InsertAsync(Database into, int part, int parts, CancellationToken ct) => into.WriteAsync(async tx =>
    {
        foreach (var (table, columns, types, rows) in tables)
        {
            int from = (int)((long)rows.Count * part / parts), to = (int)((long)rows.Count * (part + 1) / parts);
            var insert = new BulkInsert<object?[]>(table, [.. columns.Select((c, i) => new Column<object?[]>(c, TypeOf(rows, i) ?? types[i], r => r[i]))]);
            await insert.RunAsync(tx, rows.GetRange(from, to - from), ct);
        }
    }, ct);

    /// <summary>Tables that a fresh database fills by itself are no work of the run.</summary>
    public Task LeaveOutSeededAsync(Database into, CancellationToken ct) => into.ReadAsync(async session =>
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
        var types = new Type[columns.Length];
        var rows = new List<object?[]>();
        await using var command = session.Command($"select {string.Join(", ", columns)} from {table} {(order is null ? "" : "order by " + order)}");
        await using var reader = await command.ExecuteReaderAsync(ct);
        for (var i = 0; i < columns.Length; i++)
        {
            if (reader.GetDataTypeName(i) == "jsonb")
            {
                json.Add(i);
            }
            var type = reader.GetFieldType(i);
            types[i] = json.Contains(i) ? typeof(Json) : type == typeof(DateTime) ? typeof(DateTimeOffset) : type;
        }
        while (await reader.ReadAsync(ct))
        {
            rows.Add([.. columns.Select((_, i) => reader.IsDBNull(i) ? null : Written(reader.GetValue(i), json.Contains(i)))]);
        }
        if (rows.Count > 0)
        {
            tables.Add((table, columns, types, rows));
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

    /// <summary>Null where no row says: then it is what the column is.</summary>
    private static Type? TypeOf(List<object?[]> rows, int column) => rows.Find(r => r[column] is not null)?[column]?.GetType();
}
