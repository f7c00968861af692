using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Wellmet.Platform.Storage;

/// <summary>What a database error means: run again, refuse with a clear sentence, or stop for good.</summary>
internal static class StorageFaults
{
    private const int SqliteBusy = 5, SqliteLocked = 6, SqliteReadOnly = 8, SqliteIoError = 10, SqliteCorrupt = 11, SqliteFull = 13, SqliteCantOpen = 14;

    public static ProblemException TextInvalid => new("text_invalid", "The text holds a character that cannot be kept. Leave it out and try again.");

    public static ProblemException Unreachable(DbException e) => new("database_unreachable", "The database cannot be reached: {0}", 503, e.Message);

    public static bool IsTransient(DbException e) => e switch
    {
        PostgresException p => p.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected,
        SqliteException s => s.SqliteErrorCode == SqliteLocked,
        _ => false,
    };

    public static Exception Translate(DbException e, StorageHealth health)
    {
        switch (e)
        {
            case SqliteException { SqliteErrorCode: SqliteFull }:
            case PostgresException { SqlState: PostgresErrorCodes.DiskFull }:
                return new ProblemException("disk_full", "The disk is full: nothing was changed. Free some space and try again.", 507);
            case PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter }:
                return TextInvalid;
            case SqliteException { SqliteErrorCode: SqliteBusy }:
                return new ProblemException("database_busy", "Another program holds the database. Try again in a moment.", 503);
            case SqliteException { SqliteErrorCode: SqliteIoError or SqliteCorrupt } s:
                health.Fail(s.Message);
                return new ProblemException("storage_failed", "The storage failed and nothing more is accepted until the program is started again: {0}", 503, s.Message);
            case SqliteException { SqliteErrorCode: SqliteReadOnly or SqliteCantOpen } s:
                return new ProblemException("database_not_writable", "The database file cannot be written: {0}", 503, s.Message);
            case PostgresException { SqlState: PostgresErrorCodes.QueryCanceled }:
            case NpgsqlException { InnerException: TimeoutException }:
                return new ProblemException("database_slow", "The database took too long to answer and was not waited for any longer. Ask for less, or try again in a moment.", 503);
            case PostgresException p when p.SqlState.StartsWith("08", StringComparison.Ordinal) || p.SqlState.StartsWith("57P", StringComparison.Ordinal):
            case NpgsqlException when e is not PostgresException:
                return Unreachable(e);
            default:
                return e;
        }
    }
}
