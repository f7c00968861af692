using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Commerce.Connectors;

/// <summary>A connection with the secrets that hold at this moment: one, or two while it is rotated.</summary>
internal sealed record OpenConnection(Connection Connection, IReadOnlyList<string> Secrets);

/// <summary>Reads connections and keeps their secrets.</summary>
internal sealed class ConnectionStore(Database database, KeptSecrets secrets, TimeProvider time)
{
    private const string Secret = "commerce_connections.secret", OldSecret = "commerce_connections.old_secret";

    /// <exception cref="ProblemException"><c>connection_unknown</c> (404).</exception>
    public async Task<Connection> GetAsync(Guid id, CancellationToken ct) =>
        await database.ReadAsync(s => s.FirstAsync($"select {Connection.Columns} from {Connection.From} where c.connection_id = @id", new { id }, Connection.Of, ct), ct) ?? throw Unknown();

    public Task<List<Connection>> AllAsync(CancellationToken ct) =>
        database.ReadAsync(s => s.QueryAsync($"select {Connection.Columns} from {Connection.From} order by c.created_at, c.connection_id", null, Connection.Of, ct), ct);

    /// <exception cref="ProblemException"><c>connection_unknown</c> (404).</exception>
    public async Task<OpenConnection> OpenAsync(Guid id, CancellationToken ct)
    {
        var row = await database.ReadAsync(s => s.FirstAsync($"select {Connection.Columns}, c.secret, c.old_secret from {Connection.From} where c.connection_id = @id", new { id },
            r => new { Connection = Connection.Of(r), Secret = r.Sealed(Connection.ColumnCount), Old = r.Sealed(Connection.ColumnCount + 1) }, ct), ct) ?? throw Unknown();
        var held = new List<string?> { await secrets.OpenAsync(id, Secret, row.Secret, ct) };
        if (row.Connection.OldSecretUntil > time.GetUtcNow())
        {
            held.Add(await secrets.OpenAsync(id, OldSecret, row.Old, ct));
        }
        return new OpenConnection(row.Connection, [.. held.OfType<string>()]);
    }

    public Task<Sealed<string>> SealAsync(Guid id, string secret, CancellationToken ct) => secrets.SealAsync(id, Secret, secret, ct);

    public Task<Sealed<string>> SealOldAsync(Guid id, string secret, CancellationToken ct) => secrets.SealAsync(id, OldSecret, secret, ct);

    public Task DestroyAsync(Guid id, CancellationToken ct) => secrets.DestroyAsync(id, ct);

    internal static ProblemException Unknown() => new("connection_unknown", "There is no such connection.", 404);
}
