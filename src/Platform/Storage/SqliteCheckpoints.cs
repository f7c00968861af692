using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Wellmet.Platform.Storage;

/// <summary>
/// Moves what stands in the write-ahead log into the database file beside the writer. SQLite itself does it inside the commit that finds the log long: 50 to 110 ms every half second under load.
/// Most is copied while the writer goes on; the rest, which came meanwhile, while it waits, as only a log that was copied whole is begun anew.
/// </summary>
/// <param name="open">A connection for this alone.</param>
/// <param name="gate">Held by who writes.</param>
internal sealed class SqliteCheckpoints(Func<CancellationToken, Task<SqliteConnection>> open, SemaphoreSlim gate, StorageHealth health) : IAsyncDisposable
{
    /// <summary>Pages of 4 KB (64 MB) in the log before it is copied: pages that are written often are then copied once.</summary>
    private const int LongLog = 16_000;

    /// <summary>Pages at which SQLite copies in the commit after all: readers that take long, or a disk that does not keep up, must not let the log grow without end.</summary>
    public const int TooLongLog = 4 * LongLog;

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
        if (pages >= LongLog && running.IsCompleted && !stopping.IsCancellationRequested)
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
