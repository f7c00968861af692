using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace Wellmet.Platform.Storage;

/// <summary>What checkpoints need to know.</summary>
/// <param name="LongLog">Pages of 4 KB in the log before it is copied: pages that are written often are then copied once.</param>
internal sealed record CheckpointSettings(int LongLog, StorageHealth Health, ILogger Logger);

/// <summary>
/// Moves what stands in the write-ahead log into the database file beside the writer. SQLite itself does it inside the commit that finds the log long: 50 to 110 ms every half second under load.
/// To be used with SQLite 3.51.3 or later: before, a copy that began as another process or connection began the log anew could take pages for copied that were not
/// (https://www.sqlite.org/wal.html#walresetbug).
/// </summary>
/// <param name="open">A connection for this alone.</param>
/// <param name="gate">Held by who writes.</param>
internal sealed class SqliteCheckpoints(Func<CancellationToken, Task<SqliteConnection>> open, SemaphoreSlim gate, CheckpointSettings settings) : IAsyncDisposable
{
    private const int CacheWrite = 9; // SQLITE_DBSTATUS_CACHE_WRITE: pages that a connection wrote to the log

    /// <summary>So long readers of the old log are waited for while the writer waits.</summary>
    private const int PatienceMilliseconds = 20;

    /// <summary>Of a long log: what may be left to be copied while the writer waits, and how much more is written before another attempt.</summary>
    private readonly int little = Math.Max(1, settings.LongLog / 16);

    private readonly CancellationTokenSource stopping = new();
    private SqliteConnection? connection;
    private Task running = Task.CompletedTask;
    private volatile bool again;
    private int pages;

    /// <summary>Asked by who holds the gate and has written.</summary>
    public void Written(SqliteConnection writer)
    {
        raw.sqlite3_db_status(writer.Handle!, CacheWrite, out var written, out _, resetFlg: 1);
        pages += written;
        if (pages >= (again ? little : settings.LongLog) && running.IsCompleted && !stopping.IsCancellationRequested)
        {
            pages = 0;
            running = Task.Run(RunAsync);
        }
    }

    private async Task RunAsync()
    {
        try
        {
            again = !await CopyAllAsync(stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // What was not copied stays in the log, which is as good.
        }
        catch (SqliteException e)
        {
            // Nothing is lost, and where the disk is full or busy the next time may succeed; a disk that fails ends the process.
            settings.Logger.LogWarning(e, "The write-ahead log could not be copied into the database file; it is tried again");
            _ = StorageFaults.Translate(e, settings.Health);
        }
        catch (Exception e)
        {
            settings.Logger.LogError(e, "The write-ahead log could not be copied into the database file");
        }
    }

    /// <summary>
    /// Most is copied while the writer goes on, and not flushed, as there is more by then. What came meanwhile is copied so fast that there is rarely more: SQLite then flushes the file, still beside
    /// the writer. The little that came during the flush is copied while the writer waits, and the log begun anew.
    /// </summary>
    /// <returns>Whether the log is begun anew; not where somebody still reads from the old one.</returns>
    private async Task<bool> CopyAllAsync(CancellationToken ct)
    {
        connection ??= await OpenAsync(ct);
        Copy(connection, "passive");
        if (Copy(connection, "passive").Left > little)
        {
            return false;
        }
        await gate.WaitAsync(ct);
        try
        {
            return Copy(connection, "restart") is { Busy: false, Left: 0 };
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<SqliteConnection> OpenAsync(CancellationToken ct)
    {
        var opened = await open(ct);
        using var command = opened.CreateCommand();
        command.CommandText = $"pragma busy_timeout = {PatienceMilliseconds}";
        command.ExecuteNonQuery();
        return opened;
    }

    private static (bool Busy, long Left) Copy(SqliteConnection connection, string mode)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"pragma wal_checkpoint({mode})";
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt64(0) != 0, reader.GetInt64(1) - reader.GetInt64(2));
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }
        stopping.Dispose();
    }
}
