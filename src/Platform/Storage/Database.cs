using System.Data.Common;
using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Npgsql;
using Wellmet.Platform.Log;

namespace Wellmet.Platform.Storage;

/// <summary>
/// The one database. Reads take any connection; writes run as one transaction each, through <see cref="WriteAsync{T}"/>,
/// which also appends the events told inside it to the log before it commits.
/// </summary>
public sealed class Database : IAsyncDisposable
{
    private const int MaxAttempts = 8;
    private static readonly TimeSpan LongTransaction = TimeSpan.FromMilliseconds(250);

    private readonly IConnections connections;
    private readonly LogAppender? log;
    private readonly StorageHealth health;
    private readonly ILogger logger;

    private Database(IConnections connections, LogAppender? log, StorageHealth health, ILogger logger)
    {
        this.connections = connections;
        this.log = log;
        this.health = health;
        this.logger = logger;
    }

    public Engine Engine => connections.Engine;

    /// <summary>The main database, with the log.</summary>
    public static Database Open(StorageOptions options, LogAppender log, StorageHealth health, ILogger<Database> logger) =>
        new(options.Postgres is null
                ? new SqliteConnections(options.SqliteFile, new CheckpointSettings(options.LogPages, health, logger))
                : new PostgresConnections(options.Postgres, schema: null),
            log, health, logger);

    /// <summary>The key store: a file, or a schema, of its own; it has no log.</summary>
    public static Database OpenKeys(StorageOptions options, StorageHealth health, ILogger<Database> logger) =>
        new(options.Postgres is null
                ? new SqliteConnections(options.KeysSqliteFile, new CheckpointSettings(options.LogPages, health, logger))
                : new PostgresConnections(options.Postgres, StorageOptions.KeysSchema),
            log: null, health, logger);

    /// <summary>Runs reads on one connection; each statement sees what was committed when it started.</summary>
    public async Task<T> ReadAsync<T>(Func<Session, Task<T>> read, CancellationToken ct)
    {
        try
        {
            await using var lease = await connections.OpenReadAsync(ct);
            await using var session = new Session(Engine, lease.Connection, null);
            return await read(session);
        }
        catch (DbException e)
        {
            throw StorageFaults.Translate(e, health);
        }
    }

    /// <summary>A read that streams many rows to <paramref name="read"/>.</summary>
    public Task ReadAsync(Func<Session, Task> read, CancellationToken ct) =>
        ReadAsync(async session => { await read(session); return 0; }, ct);

    /// <summary>
    /// Runs one transaction: all of it is durable when the task completes, or none of it happened. It is run again where the database
    /// asks for that (deadlock, serialisation), so it must not act outside the database; what must follow goes into
    /// <see cref="Transaction.AfterCommit"/>.
    /// </summary>
    public Task<T> WriteAsync<T>(Func<Transaction, Task<T>> write, CancellationToken ct) => WriteAsync(write, durable: true, ct);

    /// <summary>
    /// Runs one transaction that need not wait for the disk: after a power cut it may not have happened, and then nothing that came after it has.
    /// The next durable transaction makes it durable, too. For what is derived from the log together with its cursor, and so comes again; and for what only
    /// a later transaction gives a meaning.
    /// </summary>
    public Task WriteUnflushedAsync(Func<Transaction, Task> write, CancellationToken ct) =>
        WriteUnflushedAsync(async tx => { await write(tx); return 0; }, ct);

    /// <inheritdoc cref="WriteUnflushedAsync(Func{Transaction, Task}, CancellationToken)"/>
    public Task<T> WriteUnflushedAsync<T>(Func<Transaction, Task<T>> write, CancellationToken ct) => WriteAsync(write, durable: false, ct);

    private async Task<T> WriteAsync<T>(Func<Transaction, Task<T>> write, bool durable, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await WriteOnceAsync(write, durable, ct);
            }
            catch (DbException e) when (StorageFaults.IsTransient(e) && attempt < MaxAttempts)
            {
                logger.LogInformation("Transaction is run again after {Fault} (attempt {Attempt})", e.SqlState, attempt);
                await Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(5, 40 * attempt)), ct);
            }
            catch (DbException e)
            {
                throw StorageFaults.Translate(e, health);
            }
        }
    }

    public Task WriteAsync(Func<Transaction, Task> write, CancellationToken ct) =>
        WriteAsync(async tx => { await write(tx); return 0; }, ct);

    public ValueTask DisposeAsync() => connections.DisposeAsync();

    private async Task<T> WriteOnceAsync<T>(Func<Transaction, Task<T>> write, bool durable, CancellationToken ct)
    {
        health.ThrowIfFailed();
        await using var lease = await connections.OpenWriteAsync(durable, ct);
        var started = Stopwatch.GetTimestamp();
        await using var dbTransaction = await lease.Connection.BeginTransactionAsync(ct);
        await using var transaction = new Transaction(Engine, lease.Connection, dbTransaction, durable || Engine == Engine.Sqlite);
        var result = await write(transaction);
        await transaction.SaveAsync(ct);
        if (transaction.Appended.Count > 0)
        {
            await (log ?? throw new InvalidOperationException("The key store has no log.")).AppendAsync(transaction, ct);
        }
        await dbTransaction.CommitAsync(CancellationToken.None);
        var elapsed = Stopwatch.GetElapsedTime(started);
        if (elapsed > LongTransaction && Engine == Engine.Sqlite)
        {
            logger.LogDebug("A transaction held the only writer for {Milliseconds} ms", (long)elapsed.TotalMilliseconds);
        }
        transaction.Committed();
        return result;
    }
}

/// <summary>Gives out connections of one engine.</summary>
internal interface IConnections : IAsyncDisposable
{
    Engine Engine { get; }
    Task<ConnectionLease> OpenReadAsync(CancellationToken ct);
    Task<ConnectionLease> OpenWriteAsync(bool durable, CancellationToken ct);
}

/// <summary>A connection, and the right to write on it where that was asked for; disposing gives it back.</summary>
internal sealed class ConnectionLease(DbConnection connection, Func<ValueTask> release) : IAsyncDisposable
{
    public DbConnection Connection { get; } = connection;
    public ValueTask DisposeAsync() => release();
}
