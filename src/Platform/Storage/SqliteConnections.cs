using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Wellmet.Platform.Storage;

/// <summary>
/// SQLite in WAL mode with <c>synchronous=FULL</c>: what was acknowledged survives a power cut. One writer connection is kept open behind
/// a gate that serves in order of arrival, so a long import cannot starve a page; a second process waits on SQLite's own lock.
/// </summary>
internal sealed class SqliteConnections : IConnections
{
    /// <summary>So many wait open for the next read, each with its cache and its prepared statements.</summary>
    private static readonly int MostIdle = Math.Clamp(2 * Environment.ProcessorCount, 4, 16);

    /// <summary>A log so many times as long is copied by SQLite inside the commits after all, should a disk not keep up; its file is not kept longer than that.</summary>
    private const int TooLong = 4;

    private readonly ConcurrentStack<SqliteConnection> idle = [];
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly string file;
    private readonly CheckpointSettings settings;
    private readonly SqliteCheckpoints checkpoints;
    private SqliteConnection? writer;
    private bool waitsForDisk = true;
    private volatile bool disposed;

    public SqliteConnections(string file, CheckpointSettings settings)
    {
        (this.file, this.settings) = (file, settings);
        checkpoints = new SqliteCheckpoints(OpenAsync, gate, settings);
    }

    public Engine Engine => Engine.Sqlite;

    public async Task<ConnectionLease> OpenReadAsync(CancellationToken ct)
    {
        var connection = idle.TryPop(out var waiting) ? waiting : await OpenAsync(ct);
        return new ConnectionLease(connection, () => GiveBack(connection));
    }

    private ValueTask GiveBack(SqliteConnection connection)
    {
        if (disposed || idle.Count >= MostIdle)
        {
            return connection.DisposeAsync();
        }
        idle.Push(connection);
        return disposed ? CloseIdleAsync() : ValueTask.CompletedTask;
    }

    private async ValueTask CloseIdleAsync()
    {
        while (idle.TryPop(out var connection))
        {
            await connection.DisposeAsync();
        }
    }

    public async Task<ConnectionLease> OpenWriteAsync(bool durable, CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            writer ??= await OpenAsync(ct);
            if (waitsForDisk != durable)
            {
                // In WAL mode 'normal' keeps transactions whole and in order, and leaves the flush to the next one that is 'full'.
                await ExecuteAsync(writer, durable ? "pragma synchronous = full" : "pragma synchronous = normal", ct);
                waitsForDisk = durable;
            }
            return new ConnectionLease(writer, () => GiveBackWriter(writer));
        }
        catch
        {
            gate.Release();
            throw;
        }
    }

    private ValueTask GiveBackWriter(SqliteConnection used)
    {
        checkpoints.Written(used);
        gate.Release();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (disposed)
        {
            return;
        }
        disposed = true;
        await checkpoints.DisposeAsync();
        if (writer is not null)
        {
            await writer.DisposeAsync();
        }
        await CloseIdleAsync();
        gate.Dispose();
    }

    private async Task<SqliteConnection> OpenAsync(CancellationToken ct)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            DefaultTimeout = 30,
        }.ToString());
        try
        {
            await connection.OpenAsync(ct);
            await ExecuteAsync(connection, $"""
                pragma journal_mode = wal;
                pragma synchronous = full;
                pragma foreign_keys = on;
                pragma secure_delete = on;
                pragma busy_timeout = 30000;
                pragma temp_store = memory;
                pragma cache_size = -16000;
                pragma wal_autocheckpoint = {settings.LongLog * TooLong};
                pragma journal_size_limit = {settings.LongLog * TooLong * 4096L};
                """, ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string sql, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(ct);
    }
}
