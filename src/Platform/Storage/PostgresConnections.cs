using Npgsql;

namespace Wellmet.Platform.Storage;

/// <summary>PostgreSQL through Npgsql's pool; the server orders the writers.</summary>
internal sealed class PostgresConnections : IConnections
{
    private readonly NpgsqlDataSource durable, unflushed;

    public PostgresConnections(string connectionString, string? schema)
    {
        durable = Build(connectionString, schema, "");
        // A setting of the connection: said within each transaction, it would be one more question to the server each time.
        unflushed = Build(connectionString, schema, "-c synchronous_commit=off");
    }

    private static NpgsqlDataSource Build(string connectionString, string? schema, string options)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        builder.ConnectionStringBuilder.ApplicationName = "wellmet";
        builder.ConnectionStringBuilder.Timeout = Math.Min(10, builder.ConnectionStringBuilder.Timeout);
        // A node that is paused inside a transaction must not hold its locks for longer than others wait. Statements are short: compiling one
        // takes longer than running it, and PostgreSQL compiles where it has no statistics yet and takes little for much. Its price of a random page
        // is that of a turning disk: with it a question for two thousand of a million rows reads them all.
        builder.ConnectionStringBuilder.Options = $"-c idle_in_transaction_session_timeout=10000 -c jit=off -c random_page_cost=1.1 {options} {builder.ConnectionStringBuilder.Options}".Trim();
        // Nothing is set that outlives its transaction, so that there is nothing to reset.
        builder.ConnectionStringBuilder.NoResetOnClose = true;
        if (schema is not null)
        {
            builder.ConnectionStringBuilder.SearchPath = schema;
        }
        return builder.Build();
    }

    public Engine Engine => Engine.Postgres;

    public Task<ConnectionLease> OpenReadAsync(CancellationToken ct) => LeaseAsync(durable, ct);

    public Task<ConnectionLease> OpenWriteAsync(bool durable, CancellationToken ct) => LeaseAsync(durable ? this.durable : unflushed, ct);

    private static async Task<ConnectionLease> LeaseAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        var connection = await OpenAsync(source, ct);
        return new ConnectionLease(connection, connection.DisposeAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await durable.DisposeAsync();
        await unflushed.DisposeAsync();
    }

    /// <exception cref="ProblemException"><c>database_unreachable</c>, also where it took too long: nothing was asked yet.</exception>
    private static async Task<NpgsqlConnection> OpenAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        try
        {
            return await source.OpenConnectionAsync(ct);
        }
        catch (NpgsqlException e) when (e is not PostgresException)
        {
            throw StorageFaults.Unreachable(e);
        }
    }
}
