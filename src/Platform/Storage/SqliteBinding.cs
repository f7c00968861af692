using SQLitePCL;

namespace Wellmet.Platform.Storage;

/// <summary>Binds a value to a place of a prepared statement in the form in which SQLite keeps it (see <see cref="Parameters.ForSqlite"/>).</summary>
internal static class SqliteBinding
{
    public static void Bind(sqlite3_stmt statement, int place, object? value)
    {
        switch (value)
        {
            case null or DBNull:
                raw.sqlite3_bind_null(statement, place);
                break;
            case Guid id:
                Span<byte> bytes = stackalloc byte[16];
                id.TryWriteBytes(bytes, bigEndian: true, out _);
                raw.sqlite3_bind_blob(statement, place, bytes);
                break;
            case string text:
                raw.sqlite3_bind_text(statement, place, text);
                break;
            case long number:
                raw.sqlite3_bind_int64(statement, place, number);
                break;
            case int number:
                raw.sqlite3_bind_int64(statement, place, number);
                break;
            case DateTimeOffset time:
                raw.sqlite3_bind_int64(statement, place, Clock.ToMicroseconds(time));
                break;
            case byte[] { Length: > 0 } bytesKept:
                raw.sqlite3_bind_blob(statement, place, bytesKept);
                break;
            case byte[]:
                raw.sqlite3_bind_zeroblob(statement, place, 0);
                break;
            case double number:
                raw.sqlite3_bind_double(statement, place, number);
                break;
            default:
                Bind(statement, place, Parameters.ForSqlite(value));
                break;
        }
    }
}
