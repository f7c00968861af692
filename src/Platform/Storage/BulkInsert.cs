using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;
using SQLitePCL;

namespace Wellmet.Platform.Storage;

/// <summary>A column of a <see cref="BulkInsert{T}"/>.</summary>
/// <param name="Type">Guid, DateTimeOffset, DateOnly, string, long, int, bool, double, byte[], <see cref="Json"/> or an enum.</param>
public sealed record Column<T>(string Name, Type Type, Func<T, object?> Value);

/// <summary>
/// Inserts many rows in one go: a prepared statement on SQLite; COPY on PostgreSQL, or arrays through <c>unnest</c> where rows that
/// stand already are to be passed over.
/// </summary>
public sealed class BulkInsert<T>(string table, params Column<T>[] columns)
{
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
            : OnConflict is null ? await CopyAsync(tx, rows, ct)
            : await UnnestAsync(tx, rows, ct);
    }

    private string ColumnNames => string.Join(", ", columns.Select(c => c.Name));

    /// <summary>
    /// Synchronous on purpose: SQLite works in the process, and a task per row would cost more than the row. Below ADO.NET for the same
    /// reason: it looks up every parameter by name for every row.
    /// </summary>
    private long InsertSqlite(Transaction tx, IReadOnlyCollection<T> rows)
    {
        var db = ((SqliteConnection)tx.Connection).Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(db,
            $"insert into {table} ({ColumnNames}) values ({string.Join(", ", columns.Select(_ => "?"))}) {OnConflict}", out var statement), db);
        using (statement)
        {
            var before = raw.sqlite3_total_changes(db);
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
            }
            return raw.sqlite3_total_changes(db) - before;
        }
    }

    private async Task<long> CopyAsync(Transaction tx, IReadOnlyCollection<T> rows, CancellationToken ct)
    {
        var connection = (NpgsqlConnection)tx.Connection;
        var types = columns.Select(DbType).ToArray();
        await using var copy = await connection.BeginBinaryImportAsync($"copy {table} ({ColumnNames}) from stdin (format binary)", ct);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(ct);
            for (var i = 0; i < columns.Length; i++)
            {
                var value = Parameters.PostgresValue(columns[i].Value(row));
                if (value is DBNull)
                {
                    await copy.WriteNullAsync(ct);
                }
                else
                {
                    await copy.WriteAsync(value, types[i], ct);
                }
            }
        }
        return (long)await copy.CompleteAsync(ct);
    }

    private async Task<long> UnnestAsync(Transaction tx, IReadOnlyCollection<T> rows, CancellationToken ct)
    {
        await using var command = (NpgsqlCommand)tx.Command(
            $"insert into {table} ({ColumnNames}) select * from unnest({string.Join(", ", columns.Select((_, i) => "@p" + i))}) {OnConflict}");
        for (var i = 0; i < columns.Length; i++)
        {
            var type = DbType(columns[i]);
            command.Parameters.Add(new NpgsqlParameter("p" + i, NpgsqlDbType.Array | type) { Value = ArrayOf(type, columns[i], rows) });
        }
        return await command.ExecuteNonQueryAsync(ct);
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
            _ => values.Select(v => (string?)v).ToArray(),
        };
    }
}
