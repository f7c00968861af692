using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace Wellmet.Platform.Storage;

/// <summary>
/// A command for one use; disposing gives it back. On SQLite the connection keeps it with its statement prepared, which takes longer than running most statements; Npgsql
/// keeps its own.
/// </summary>
internal readonly struct PreparedCommand : IAsyncDisposable
{
    private readonly KeptCommands? kept;

    private PreparedCommand(DbCommand command, KeptCommands? kept) => (Command, this.kept) = (command, kept);

    public DbCommand Command { get; }

    public static PreparedCommand Of(DbConnection connection, DbTransaction? transaction, BoundStatement statement)
    {
        var kept = connection is SqliteConnection sqlite && !statement.HoldsLiterals ? KeptCommands.Of(sqlite) : null;
        var command = kept?.Take(statement) ?? statement.On(connection.CreateCommand());
        command.Transaction = transaction;
        return new PreparedCommand(command, kept);
    }

    public ValueTask DisposeAsync()
    {
        if (kept is null)
        {
            return Command.DisposeAsync();
        }
        kept.GiveBack((SqliteCommand)Command);
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Commands of one connection that nobody uses now, by their text; the one that was used longest ago makes room, so that texts that come once do not push out what is asked often.
    /// A connection serves one flow at a time, so nothing is locked.
    /// </summary>
    private sealed class KeptCommands
    {
        private const int Most = 200, LongestText = 4000;
        private static readonly ConditionalWeakTable<SqliteConnection, KeptCommands> OfConnections = [];

        private readonly Dictionary<string, LinkedListNode<SqliteCommand>> byText = new(StringComparer.Ordinal);
        private readonly LinkedList<SqliteCommand> byUse = [];

        public static KeptCommands Of(SqliteConnection connection) => OfConnections.GetValue(connection, static _ => new KeptCommands());

        /// <summary>Null where there is none of this text.</summary>
        public SqliteCommand? Take(BoundStatement statement)
        {
            if (!byText.Remove(statement.Text, out var kept))
            {
                return null;
            }
            byUse.Remove(kept);
            kept.Value.Parameters.AddRange(statement.Values.ToArray());
            return kept.Value;
        }

        public void GiveBack(SqliteCommand command)
        {
            command.Transaction = null;
            command.Parameters.Clear();
            var kept = new LinkedListNode<SqliteCommand>(command);
            if (command.CommandText.Length > LongestText || !byText.TryAdd(command.CommandText, kept))
            {
                command.Dispose();
                return;
            }
            byUse.AddLast(kept);
            if (byUse.Count > Most && byUse.First is { } oldest)
            {
                byUse.Remove(oldest);
                byText.Remove(oldest.Value.CommandText);
                oldest.Value.Dispose();
            }
        }
    }
}
