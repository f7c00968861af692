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

    /// <summary>Commands of one connection that nobody uses now, by their text. A connection serves one flow at a time, so nothing is locked.</summary>
    private sealed class KeptCommands
    {
        private const int Most = 200, LongestText = 4000;
        private static readonly ConditionalWeakTable<SqliteConnection, KeptCommands> OfConnections = [];

        private readonly Dictionary<string, SqliteCommand> commands = new(StringComparer.Ordinal);

        public static KeptCommands Of(SqliteConnection connection) => OfConnections.GetValue(connection, static _ => new KeptCommands());

        /// <summary>Null where there is none of this text.</summary>
        public SqliteCommand? Take(BoundStatement statement)
        {
            if (commands.Remove(statement.Text, out var command))
            {
                command.Parameters.AddRange(statement.Values.ToArray());
            }
            return command;
        }

        public void GiveBack(SqliteCommand command)
        {
            command.Transaction = null;
            command.Parameters.Clear();
            if (command.CommandText.Length > LongestText || !commands.TryAdd(command.CommandText, command))
            {
                command.Dispose();
            }
            else if (commands.Count > Most)
            {
                // Some texts come once and never again. What is asked often is soon prepared anew.
                foreach (var old in commands.Values)
                {
                    old.Dispose();
                }
                commands.Clear();
            }
        }
    }
}
