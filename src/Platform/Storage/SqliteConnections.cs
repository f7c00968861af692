using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace Wellmet.Platform.Storage;

/// <summary>
/// SQLite in WAL mode with <c>synchronous=FULL</c>: what was acknowledged survives a power cut. One writer connection is kept open behind
/// a gate that serves in order of arrival, so a long import cannot starve a page; a second process waits on SQLite's own lock.
/// </summary>
internal sealed class SqliteConnections(string file) : IConnections
{
    /// <summary>Connections that come from the pool have been set up before, and keep their settings.</summary>
    private static readonly ConditionalWeakTable<SQLitePCL.sqlite3, object> SetUp = [];

    private readonly SemaphoreSlim gate = new(1, 1);
    private SqliteConnection? writer;
    private bool waitsForDisk = true;

    public Engine Engine => Engine.Sqlite;

    public async Task<DbConnection> OpenReadAsync(CancellationToken ct)
    {
        var connection = new SqliteConnection(ConnectionString(SqliteOpenMode.ReadWriteCreate));
        await OpenAsync(connection, ct);
        return connection;
    }

    public async Task<WriteLease> OpenWriteAsync(bool durable, CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            if (writer is null)
            {
                var opened = new SqliteConnection(ConnectionString(SqliteOpenMode.ReadWriteCreate));
                await OpenAsync(opened, ct);
                writer = opened;
            }
            if (waitsForDisk != durable)
            {
                // In WAL mode 'normal' keeps transactions whole and in order, and leaves the flush to the next one that is 'full'.
                await ExecuteAsync(writer, durable ? "pragma synchronous = full" : "pragma synchronous = normal", ct);
                waitsForDisk = durable;
            }
            return new WriteLease(writer, () => { gate.Release(); return ValueTask.CompletedTask; });
        }
        catch
        {
            gate.Release();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (writer is not null)
        {
            await writer.DisposeAsync();
        }
        SqliteConnection.ClearPool(new SqliteConnection(ConnectionString(SqliteOpenMode.ReadWriteCreate)));
        gate.Dispose();
    }

    private string ConnectionString(SqliteOpenMode mode) => new SqliteConnectionStringBuilder
    {
        DataSource = file,
        Mode = mode,
        Pooling = true,
        DefaultTimeout = 30,
    }.ToString();

    private static async Task OpenAsync(SqliteConnection connection, CancellationToken ct)
    {
        await connection.OpenAsync(ct);
        if (SetUp.TryGetValue(connection.Handle!, out _))
        {
            return;
        }
        await ExecuteAsync(connection, """
            pragma journal_mode = wal;
            pragma synchronous = full;
            pragma foreign_keys = on;
            pragma secure_delete = on;
            pragma busy_timeout = 30000;
            pragma temp_store = memory;
            pragma cache_size = -16000;
            pragma wal_autocheckpoint = 16000;
            """, ct);
        SetUp.AddOrUpdate(connection.Handle!, SetUp);
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string sql, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(ct);
    }
}
