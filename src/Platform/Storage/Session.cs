using System.Data.Common;

namespace Wellmet.Platform.Storage;

/// <summary>
/// SQL on one connection. Parameters are the properties of an object: <c>new { subject, from }</c> binds <c>@subject</c> and <c>@from</c>
/// (where the text is put together, the entries of a dictionary);
/// a collection is written <c>in @ids</c> and bound element by element (an empty one matches nothing).
/// </summary>
public class Session(Engine engine, DbConnection connection, DbTransaction? transaction) : IAsyncDisposable
{
    public Engine Engine { get; } = engine;
    public DbConnection Connection { get; } = connection;
    public DbTransaction? DbTransaction { get; } = transaction;

    /// <summary>Picks the text for the engine, where the two differ.</summary>
    public string Pick(string sqlite, string postgres) => Engine == Engine.Sqlite ? sqlite : postgres;

    public async Task<int> ExecuteAsync(string sql, object? parameters = null, CancellationToken ct = default)
    {
        await using var command = Prepare(sql, parameters);
        return await command.Command.ExecuteNonQueryAsync(ct);
    }

    public async Task<List<T>> QueryAsync<T>(string sql, object? parameters, Func<Row, T> map, CancellationToken ct)
    {
        await using var command = Prepare(sql, parameters);
        await using var reader = await command.Command.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add(map(new Row(Engine, reader)));
        }
        return rows;
    }

    /// <summary>The first row, or default where there is none.</summary>
    public async Task<T?> FirstAsync<T>(string sql, object? parameters, Func<Row, T> map, CancellationToken ct)
    {
        await using var command = Prepare(sql, parameters);
        await using var reader = await command.Command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? map(new Row(Engine, reader)) : default;
    }

    /// <summary>Rows one by one, for results too large to hold.</summary>
    public async Task ForEachAsync(string sql, object? parameters, Action<Row> visit, CancellationToken ct)
    {
        await using var command = Prepare(sql, parameters);
        await using var reader = await command.Command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            visit(new Row(Engine, reader));
        }
    }

    /// <summary>One whole number; 0 where the result is null or empty.</summary>
    public Task<long> CountAsync(string sql, object? parameters = null, CancellationToken ct = default) =>
        FirstAsync(sql, parameters, row => row.IsNull(0) ? 0 : row.Long(0), ct);

    public DbCommand Command(string sql, object? parameters = null)
    {
        var command = Parameters.Bind(Engine, sql, parameters).On(Connection.CreateCommand());
        command.Transaction = DbTransaction;
        return command;
    }

    private PreparedCommand Prepare(string sql, object? parameters) => PreparedCommand.Of(Connection, DbTransaction, Parameters.Bind(Engine, sql, parameters));

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
