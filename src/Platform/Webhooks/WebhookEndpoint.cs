using System.Text.Json;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Platform.Webhooks;

/// <summary>Where another program hears of events.</summary>
/// <param name="Types">Names of <see cref="WebhookType"/>.</param>
/// <param name="DisabledReason">Code; null while it is on.</param>
public sealed record WebhookEndpoint(Guid EndpointId, string Url, string Name, IReadOnlyList<string> Types, DateTimeOffset CreatedAt, DateTimeOffset? OldSecretUntil, DateTimeOffset? DisabledAt, string? DisabledReason)
{
    internal const string Columns = "endpoint_id, url, name, types, created_at, old_secret_until, disabled_at, disabled_reason";

    internal static WebhookEndpoint Of(Row r) => new(r.Guid(0), r.Text(1), r.Text(2), JsonSerializer.Deserialize<string[]>(r.Text(3))!, r.Time(4), r.TimeOrNull(5), r.TimeOrNull(6), r.TextOrNull(7));
}

/// <summary>Reads endpoints and keeps their secrets.</summary>
internal sealed class WebhookEndpoints(Database database, KeptSecrets secrets, TimeProvider time)
{
    private const string Secret = "webhooks_endpoints.secret", OldSecret = "webhooks_endpoints.old_secret";

    /// <exception cref="ProblemException"><c>endpoint_unknown</c> (404).</exception>
    public async Task<WebhookEndpoint> GetAsync(Guid id, CancellationToken ct) =>
        await database.ReadAsync(s => s.FirstAsync($"select {WebhookEndpoint.Columns} from webhooks_endpoints where endpoint_id = @id", new { id }, WebhookEndpoint.Of, ct), ct) ?? throw Unknown();

    /// <summary>With the secrets that sign now, the newest first.</summary>
    /// <exception cref="ProblemException"><c>endpoint_unknown</c> (404).</exception>
    public async Task<(WebhookEndpoint Endpoint, IReadOnlyList<string> Secrets)> OpenAsync(Guid id, CancellationToken ct)
    {
        var row = await database.ReadAsync(s => s.FirstAsync($"select {WebhookEndpoint.Columns}, secret, old_secret from webhooks_endpoints where endpoint_id = @id", new { id },
            r => new { Endpoint = WebhookEndpoint.Of(r), Secret = r.Sealed(8), Old = r.Sealed(9) }, ct), ct) ?? throw Unknown();
        var held = new List<string?> { await secrets.OpenAsync(id, Secret, row.Secret, ct) };
        if (row.Endpoint.OldSecretUntil > time.GetUtcNow())
        {
            held.Add(await secrets.OpenAsync(id, OldSecret, row.Old, ct));
        }
        return (row.Endpoint, [.. held.OfType<string>()]);
    }

    public Task<Sealed<string>> SealAsync(Guid id, string secret, CancellationToken ct) => secrets.SealAsync(id, Secret, secret, ct);

    public Task<Sealed<string>> SealOldAsync(Guid id, string secret, CancellationToken ct) => secrets.SealAsync(id, OldSecret, secret, ct);

    public Task DestroyAsync(Guid id, CancellationToken ct) => secrets.DestroyAsync(id, ct);

    internal static ProblemException Unknown() => new("endpoint_unknown", "There is no such endpoint.", 404);
}
