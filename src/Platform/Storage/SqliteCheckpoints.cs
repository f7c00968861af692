using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Wellmet.Platform.Storage;

/// <summary>
/// Moves what stands in the write-ahead log into the database file beside the writer. SQLite itself does it inside the commit that finds the log long: 50 to 110 ms every half second under load.
/// </summary>
/// <param name="open">A connection for this alone.</param>
/// <param name="gate">Held by who writes.</param>
/// <param name="longLog">Pages of 4 KB in the log before it is copied: pages that are written often are then copied once.</param>
internal sealed class SqliteCheckpoints(Func<CancellationToken, Task<SqliteConnection>> open, SemaphoreSlim gate, int longLog, StorageHealth health) : IAsyncDisposable
{
    private const int CacheWrite = 9; // SQLITE_DBSTATUS_CACHE_WRITE: pages that a connection wrote to the log

    private readonly CancellationTokenSource stopping = new();
    private SqliteConnection? connection;
    private Task running = Task.CompletedTask;
    private int pages;

    /// <summary>Asked by who holds the gate and has written.</summary>
    public void Written(SqliteConnection writer)
    {
        raw.sqlite3_db_status(writer.Handle!, CacheWrite, out var written, out _, resetFlg: 1);
        pages += written;
        if (pages >= longLog && running.IsCompleted && !stopping.IsCancellationRequested)
        {
            pages = 0;
            running = Task.Run(RunAsync);
        }
    }

    private async Task RunAsync()
    {
        try
        {
            connection ??= await open(stopping.Token);
            // Most is copied while the writer goes on, and not flushed, as there is more by then. What came meanwhile is copied so fast that there is rarely more: SQLite then flushes the
            // file, still beside the writer. Only a log that was copied whole is begun anew, so the little that came during the flush is copied while the writer waits.
            Copy(connection);
            Copy(connection);
            await gate.WaitAsync(stopping.Token);
            try
            {
                Copy(connection);
            }
            finally
            {
                gate.Release();
            }
        }
        catch (OperationCanceledException)
        {
            // What was not copied stays in the log, which is as good.
        }
        catch (SqliteException e)
        {
            // Nothing is lost, and where the disk is full or busy the next time may succeed; a disk that fails ends the process.
            _ = StorageFaults.Translate(e, health);
        }
    }

    /// <summary>Passively: waits for no reader and no writer.</summary>
    private static void Copy(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "pragma wal_checkpoint(passive)";
        command.ExecuteNonQuery();
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
