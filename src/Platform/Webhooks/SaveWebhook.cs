using System.Text.Json;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.SafeHttp;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Webhooks;

/// <summary>An endpoint as it is shown once.</summary>
public sealed record MadeWebhook(Guid EndpointId, string Secret)
{
    public override string ToString() => $"Endpoint {EndpointId}";
}

/// <summary>What may be entered for an endpoint.</summary>
internal sealed class WebhookRules(WebhookCatalog catalog, SafeHttpClient http)
{
    public const int LongestUrl = 2000, LongestName = 100;

    /// <exception cref="ProblemException"><c>address_invalid</c>, <c>name_invalid</c>, <c>types_missing</c>, <c>type_unknown</c>.</exception>
    public (string Url, string Name, Json Types) Check(string? url, string? name, IReadOnlyCollection<string> types)
    {
        if (url?.Trim() is not { Length: > 0 and <= LongestUrl } address || !Uri.TryCreate(address, UriKind.Absolute, out var uri))
        {
            throw new ProblemException("address_invalid", "This address is not called from here: it must begin with https:// and lead to the public internet.");
        }
        http.Demand(uri);
        var clean = name?.Trim() ?? "";
        if (clean.Length is 0 or > LongestName || clean.Any(char.IsControl))
        {
            throw new ProblemException("name_invalid", "Give it a name of at most {0} characters.", 400, LongestName);
        }
        if (types.Count == 0)
        {
            throw new ProblemException("types_missing", "Choose at least one kind of event.");
        }
        var known = catalog.Types.Select(t => t.Name).ToHashSet();
        return types.FirstOrDefault(t => !known.Contains(t)) is { } unknown ? throw new ProblemException("type_unknown", "There is no kind of event {0}.", 400, unknown[..Math.Min(unknown.Length, 100)])
            : (uri.AbsoluteUri, clean, new Json(JsonSerializer.Serialize(types.Distinct().Order(StringComparer.Ordinal))));
    }
}

/// <summary>Lets another program hear of events.</summary>
internal sealed class CreateWebhook(Database database, WebhookEndpoints endpoints, WebhookRules rules, CurrentActor actor, WebhookRecords records)
{
    public const int Most = 50;

    /// <param name="Types">Names of kinds of events.</param>
    public sealed record Request(string? Url, string? Name, IReadOnlyCollection<string> Types);

    /// <returns>With its secret, shown once.</returns>
    /// <exception cref="ProblemException">See <see cref="WebhookRules.Check"/>; <c>endpoints_many</c> (409).</exception>
    public async Task<MadeWebhook> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(WebhookPermissions.Manage);
        var (url, name, types) = rules.Check(request.Url, request.Name, request.Types);
        var made = new MadeWebhook(Id.New(), WebhookSecret.New());
        var kept = await endpoints.SealAsync(made.EndpointId, made.Secret, ct);
        await database.WriteAsync(async tx =>
        {
            if (await tx.CountAsync("select count(*) from webhooks_endpoints", null, ct) >= Most)
            {
                throw new ProblemException("endpoints_many", "There are {0} endpoints already. Remove those that are not used any more.", 409, Most);
            }
            await tx.ExecuteAsync("insert into webhooks_endpoints (endpoint_id, url, name, types, secret, created_at) values (@EndpointId, @url, @name, @types, @kept, @now)",
                new { made.EndpointId, url, name, types, kept, now = records.Now }, ct);
            await records.KeepAsync(tx, "webhook.created", made.EndpointId, ct, new Uri(url).Host);
        }, ct);
        return made;
    }
}

/// <summary>Changes what an endpoint hears of, and where.</summary>
internal sealed class ChangeWebhook(Database database, WebhookRules rules, CurrentActor actor, WebhookRecords records)
{
    /// <summary>All of it, as it is to be from now on.</summary>
    public sealed record Request(Guid EndpointId, string? Url, string? Name, IReadOnlyCollection<string> Types);

    /// <exception cref="ProblemException">See <see cref="WebhookRules.Check"/>; <c>endpoint_unknown</c> (404).</exception>
    public Task RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(WebhookPermissions.Manage);
        var (url, name, types) = rules.Check(request.Url, request.Name, request.Types);
        return database.WriteAsync(async tx =>
        {
            WebhookRecords.DemandOne(await tx.ExecuteAsync("update webhooks_endpoints set url = @url, name = @name, types = @types where endpoint_id = @EndpointId", new { url, name, types, request.EndpointId }, ct));
            await records.KeepAsync(tx, "webhook.changed", request.EndpointId, ct, new Uri(url).Host);
        }, ct);
    }
}

/// <summary>Turns an endpoint off, or on again: what waited is sent then.</summary>
internal sealed class SwitchWebhook(Database database, WebhookOutbox outbox, CurrentActor actor, WebhookRecords records)
{
    /// <exception cref="ProblemException"><c>endpoint_unknown</c> (404).</exception>
    public async Task RunAsync(Guid endpointId, bool on, CancellationToken ct)
    {
        actor.Demand(WebhookPermissions.Manage);
        await database.WriteAsync(async tx =>
        {
            WebhookRecords.DemandOne(await tx.ExecuteAsync("update webhooks_endpoints set disabled_at = @at, disabled_reason = @reason where endpoint_id = @endpointId",
                new { at = on ? (DateTimeOffset?)null : records.Now, reason = on ? null : "by_staff", endpointId }, ct));
            await records.KeepAsync(tx, on ? "webhook.enabled" : "webhook.disabled", endpointId, ct);
        }, ct);
        outbox.Wake();
    }
}

/// <summary>Gives an endpoint another secret. For a day both sign, so that no message is refused while the other program changes over.</summary>
internal sealed class RotateWebhook(Database database, WebhookEndpoints endpoints, CurrentActor actor, WebhookRecords records)
{
    public static readonly TimeSpan Grace = TimeSpan.FromHours(24);

    /// <returns>With its new secret, shown once.</returns>
    /// <exception cref="ProblemException"><c>endpoint_unknown</c> (404).</exception>
    public async Task<MadeWebhook> RunAsync(Guid endpointId, CancellationToken ct)
    {
        actor.Demand(WebhookPermissions.Manage);
        var (_, secrets) = await endpoints.OpenAsync(endpointId, ct);
        var made = new MadeWebhook(endpointId, WebhookSecret.New());
        var (kept, old) = (await endpoints.SealAsync(endpointId, made.Secret, ct), await endpoints.SealOldAsync(endpointId, secrets[0], ct));
        await database.WriteAsync(async tx =>
        {
            WebhookRecords.DemandOne(await tx.ExecuteAsync("update webhooks_endpoints set secret = @kept, old_secret = @old, old_secret_until = @until where endpoint_id = @endpointId",
                new { kept, old, until = records.Now + Grace, endpointId }, ct));
            await records.KeepAsync(tx, "webhook.rotated", endpointId, ct);
        }, ct);
        return made;
    }
}

/// <summary>Removes an endpoint with what it was told.</summary>
internal sealed class RemoveWebhook(Database database, WebhookEndpoints endpoints, CurrentActor actor, WebhookRecords records)
{
    /// <exception cref="ProblemException"><c>endpoint_unknown</c> (404).</exception>
    public async Task RunAsync(Guid endpointId, CancellationToken ct)
    {
        actor.Demand(WebhookPermissions.Manage);
        await database.WriteAsync(async tx =>
        {
            WebhookRecords.DemandOne(await tx.ExecuteAsync("delete from webhooks_endpoints where endpoint_id = @endpointId", new { endpointId }, ct));
            await tx.ExecuteAsync("delete from webhooks_deliveries where endpoint_id = @endpointId", new { endpointId }, ct);
            await records.KeepAsync(tx, "webhook.removed", endpointId, ct);
        }, ct);
        await endpoints.DestroyAsync(endpointId, ct);
    }
}

/// <summary>Sends an endpoint a message about nobody, so that the other program can be tried.</summary>
internal sealed class TestWebhook(Database database, WebhookEndpoints endpoints, WebhookOutbox outbox, CurrentActor actor, WebhookRecords records)
{
    /// <exception cref="ProblemException"><c>endpoint_unknown</c> (404).</exception>
    public async Task RunAsync(Guid endpointId, CancellationToken ct)
    {
        actor.Demand(WebhookPermissions.Manage);
        await endpoints.GetAsync(endpointId, ct);
        await database.WriteAsync(tx => outbox.AddAsync(tx, Id.New(), new WebhookMessage(WebhookCatalog.Test, records.Now, null, new { endpoint_id = endpointId }), [endpointId], ct), ct);
    }
}

/// <summary>Sends messages again that were not taken, or were lost over there.</summary>
internal sealed class ReplayWebhooks(Database database, WebhookOutbox outbox, CurrentActor actor, WebhookRecords records)
{
    /// <param name="MessageId">Null for all that failed.</param>
    public sealed record Request(Guid EndpointId, Guid? MessageId);

    /// <returns>How many are sent again.</returns>
    /// <exception cref="ProblemException"><c>delivery_unknown</c> (404).</exception>
    public async Task<int> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(WebhookPermissions.Manage);
        var again = await database.WriteAsync(async tx =>
        {
            var replayed = await tx.ExecuteAsync("""
                update webhooks_deliveries set state = 'pending', attempts = 0, next_at = @now, reason = null
                where endpoint_id = @EndpointId and ((@all and state = 'failed') or message_id = @one) and (claimed_until is null or claimed_until < @now)
                """, new { now = records.Now, request.EndpointId, all = request.MessageId is null, one = request.MessageId ?? Guid.Empty }, ct);
            if (replayed == 0)
            {
                throw new ProblemException("delivery_unknown", "There is no such message to send again, or it is being sent.", 404);
            }
            await records.KeepAsync(tx, "webhook.replayed", request.EndpointId, ct, $"{replayed}");
            return replayed;
        }, ct);
        outbox.Wake();
        return again;
    }
}

/// <summary>What is noted of each change of an endpoint.</summary>
internal sealed class WebhookRecords(AuditLog audit, TimeProvider time)
{
    public DateTimeOffset Now => time.GetUtcNow();

    public Task KeepAsync(Transaction tx, string action, Guid endpointId, CancellationToken ct, string? detail = null) => audit.RecordAsync(tx, action, $"webhook:{endpointId}", reason: null, ct, detail);

    /// <exception cref="ProblemException"><c>endpoint_unknown</c> (404).</exception>
    public static void DemandOne(int changed)
    {
        if (changed == 0)
        {
            throw WebhookEndpoints.Unknown();
        }
    }
}
