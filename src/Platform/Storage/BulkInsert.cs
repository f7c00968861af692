using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;
using SQLitePCL;

namespace Wellmet.Platform.Storage;

/// <summary>A column of a <see cref="BulkInsert{T}"/>.</summary>
/// <param name="Type">Guid, DateTimeOffset, DateOnly, string, long, int, bool, double, byte[], <see cref="Json"/> or an enum; byte[][] on PostgreSQL alone.</param>
public sealed record Column<T>(string Name, Type Type, Func<T, object?> Value);

/// <summary>
/// Inserts many rows in one go: a prepared statement on SQLite; on PostgreSQL arrays through <c>unnest</c>, or COPY where there are many rows, none of
/// which may stand already.
/// </summary>
public sealed class BulkInsert<T>(string table, params Column<T>[] columns)
{
    /// <summary>Up to here one statement with arrays is faster than COPY, which takes three exchanges with the server.</summary>
    private const int FewRows = 500;

    private const NpgsqlDbType Arrays = NpgsqlDbType.Array | NpgsqlDbType.Bytea;

    /// <summary>Appended to the statement, e.g. <c>on conflict do nothing</c>.</summary>
    public string? OnConflict { get; init; }

    public string Table => table;

    /// <summary>Inserts the rows; answers how many were added.</summary>
    public async Task<long> RunAsync(Transaction tx, IReadOnlyCollection<T> rows, CancellationToken ct)
    {
        if (rows.Count == 0)
        {
            return 0;
        }
        return tx.Engine == Engine.Sqlite ? InsertSqlite(tx, rows)
            : OnConflict is null && rows.Count > FewRows ? await CopyAsync(tx, rows, ct)
            : await UnnestAsync(tx, rows, ct);
    }

    /// <summary>
    /// Inserts the rows and answers those that were added: of two transactions that come with the same row, one adds it, and the other waits for the first and is
    /// told so. For an insert that passes over rows that stand already; the first column tells the rows apart.
    /// </summary>
    public async Task<IReadOnlyList<T>> AddedAsync(Transaction tx, IReadOnlyCollection<T> rows, CancellationToken ct)
    {
        if (rows.Count == 0)
        {
            return [];
        }
        if (tx.Engine == Engine.Sqlite)
        {
            var added = new List<T>(rows.Count);
            InsertSqlite(tx, rows, added.Add);
            return added;
        }
        var keys = new HashSet<object>();
        await using (var command = Unnest(tx, rows, $"returning {columns[0].Name}"))
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
            {
                keys.Add(Key(reader.GetValue(0)));
            }
        }
        return keys.Count == rows.Count ? [.. rows] : [.. rows.Where(r => keys.Remove(Key(Parameters.PostgresValue(columns[0].Value(r)))))];
    }

    private static object Key(object value) => value is byte[] bytes ? Convert.ToHexString(bytes) : value;

    private string ColumnNames => string.Join(", ", columns.Select(c => c.Name));

    /// <summary>
    /// Synchronous on purpose: SQLite works in the process, and a task per row would cost more than the row. Below ADO.NET for the same
    /// reason: it looks up every parameter by name for every row.
    /// </summary>
    private long InsertSqlite(Transaction tx, IReadOnlyCollection<T> rows, Action<T>? added = null)
    {
        var db = ((SqliteConnection)tx.Connection).Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(db,
            $"insert into {table} ({ColumnNames}) values ({string.Join(", ", columns.Select(_ => "?"))}) {OnConflict}", out var statement), db);
        using (statement)
        {
            var before = raw.sqlite3_total_changes(db);
            var last = before;
            foreach (var row in rows)
            {
                for (var i = 0; i < columns.Length; i++)
                {
                    SqliteBinding.Bind(statement, i + 1, columns[i].Value(row));
                }
                var outcome = raw.sqlite3_step(statement);
                raw.sqlite3_reset(statement);
                if (outcome != raw.SQLITE_DONE)
                {
                    SqliteException.ThrowExceptionForRC(outcome, db);
                }
                if (added is not null && raw.sqlite3_total_changes(db) is var now && now > last)
                {
                    last = now;
                    added(row);
                }
            }
            return raw.sqlite3_total_changes(db) - before;
        }
    }

    /// <summary>The cells are written synchronously, into Npgsql's buffer: a task per cell would cost more than the cell.</summary>
    private async Task<long> CopyAsync(Transaction tx, IReadOnlyCollection<T> rows, CancellationToken ct)
    {
        var connection = (NpgsqlConnection)tx.Connection;
        var types = columns.Select(DbType).ToArray();
        await using var copy = await connection.BeginBinaryImportAsync($"copy {table} ({ColumnNames}) from stdin (format binary)", ct);
        foreach (var row in rows)
        {
            copy.StartRow();
            for (var i = 0; i < columns.Length; i++)
            {
                var value = Parameters.PostgresValue(columns[i].Value(row));
                if (value is DBNull)
                {
                    copy.WriteNull();
                }
                else
                {
                    copy.Write(value, types[i]);
                }
            }
        }
        return (long)await copy.CompleteAsync(ct);
    }

    private async Task<long> UnnestAsync(Transaction tx, IReadOnlyCollection<T> rows, CancellationToken ct)
    {
        await using var command = Unnest(tx, rows, "");
        return await command.ExecuteNonQueryAsync(ct);
    }

    private NpgsqlCommand Unnest(Transaction tx, IReadOnlyCollection<T> rows, string returning)
    {
        var names = string.Join(", ", columns.Select((_, i) => "p" + i));
        var command = (NpgsqlCommand)tx.Command($"""
            insert into {table} ({ColumnNames}) select {string.Join(", ", columns.Select((c, i) => DbType(c) == Arrays ? $"p{i}::bytea[]" : "p" + i))}
            from unnest({string.Join(", ", columns.Select((_, i) => "@p" + i))}) as added ({names}) {OnConflict} {returning}
            """);
        for (var i = 0; i < columns.Length; i++)
        {
            // An array of arrays would be a matrix, which unnest takes apart to its elements: each goes as a text that is read as an array.
            var type = DbType(columns[i]) is var own && own == Arrays ? NpgsqlDbType.Text : own;
            command.Parameters.Add(new NpgsqlParameter("p" + i, NpgsqlDbType.Array | type) { Value = ArrayOf(type, columns[i], rows) });
        }
        return command;
    }

    private static NpgsqlDbType DbType(Column<T> column) => Parameters.PostgresType(column.Type)
        ?? throw new NotSupportedException($"{column.Name}: {column.Type} cannot be inserted in bulk.");

    private static Array ArrayOf(NpgsqlDbType type, Column<T> column, IReadOnlyCollection<T> rows)
    {
        var values = rows.Select(row => Parameters.PostgresValue(column.Value(row)) is var v and not DBNull ? v : null);
        return type switch
        {
            NpgsqlDbType.Uuid => values.Select(v => (Guid?)v).ToArray(),
            NpgsqlDbType.TimestampTz => values.Select(v => (DateTime?)v).ToArray(),
            NpgsqlDbType.Bigint => values.Select(v => (long?)v).ToArray(),
            NpgsqlDbType.Integer => values.Select(v => (int?)v).ToArray(),
            NpgsqlDbType.Boolean => values.Select(v => (bool?)v).ToArray(),
            NpgsqlDbType.Double => values.Select(v => (double?)v).ToArray(),
            NpgsqlDbType.Bytea => values.Select(v => (byte[]?)v).ToArray(),
            _ => values.Select(v => v is byte[][] array ? $"{{{string.Join(',', array.Select(e => $"\"\\\\x{Convert.ToHexString(e)}\""))}}}" : (string?)v).ToArray(),
        };
    }
}
