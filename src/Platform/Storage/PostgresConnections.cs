using System.Data.Common;
using Npgsql;

namespace Wellmet.Platform.Storage;

/// <summary>PostgreSQL through Npgsql's pool; the server orders the writers.</summary>
internal sealed class PostgresConnections : IConnections
{
    private readonly NpgsqlDataSource source;

    public PostgresConnections(string connectionString, string? schema)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        builder.ConnectionStringBuilder.ApplicationName = "wellmet";
        builder.ConnectionStringBuilder.Timeout = 10;
        // A node that is paused inside a transaction must not hold its locks for longer than others wait.
        builder.ConnectionStringBuilder.Options = $"-c idle_in_transaction_session_timeout=10000 {builder.ConnectionStringBuilder.Options}".Trim();
        // Nothing is set that outlives its transaction, so that there is nothing to reset.
        builder.ConnectionStringBuilder.NoResetOnClose = true;
        if (schema is not null)
        {
            builder.ConnectionStringBuilder.SearchPath = schema;
        }
        source = builder.Build();
    }

    public Engine Engine => Engine.Postgres;

    public async Task<DbConnection> OpenReadAsync(CancellationToken ct) => await source.OpenConnectionAsync(ct);

    public async Task<WriteLease> OpenWriteAsync(bool durable, CancellationToken ct)
    {
        var connection = await source.OpenConnectionAsync(ct);
        return new WriteLease(connection, connection.DisposeAsync);
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();
}
