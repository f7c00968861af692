using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Connectors;

/// <summary>A connection as it is shown once.</summary>
/// <param name="Secret">To be entered in the shop; null where the shop's own was entered here.</param>
public sealed record MadeConnection(Guid ConnectionId, string? Secret);

/// <summary>Connects a shop system with a storefront.</summary>
internal sealed class CreateConnection(Database database, ConnectionStore connections, AuditLog audit, TimeProvider time, CurrentActor actor)
{
    /// <param name="Secret">The shop's own; empty to have one made, where the system lets one choose.</param>
    /// <param name="Name">Of a generic connection, as is <paramref name="Settings"/>.</param>
    public sealed record Request(ShopSystem System, Guid? StorefrontId, string? Secret, string? CustomerPrefix = null, string? Name = null, HookSettings? Settings = null);

    /// <exception cref="ProblemException"><c>secret_invalid</c>, <c>prefix_invalid</c>, <c>name_missing</c>, <c>storefront_unknown</c>, <c>storefront_connected</c>, <c>prefix_taken</c>, all 422.</exception>
    public async Task<MadeConnection> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(CommercePermissions.EditConnections);
        var generic = request.System == ShopSystem.Generic;
        var settings = generic ? request.Settings ?? HookSettings.Of(HookProof.Hmac, null, HookEncoding.Hex, null, null) : null;
        var (secret, prefix) = (ConnectionRules.SecretOf(request.System, request.Secret, settings), ConnectionRules.PrefixOf(request.CustomerPrefix));
        var name = generic ? ConnectionRules.NameOf(request.Name) : null;
        var id = Id.New();
        var kept = await connections.SealAsync(id, secret, ct);
        await database.WriteAsync(async tx =>
        {
            if (await tx.CountAsync("select count(*) from commerce_storefronts where storefront_id = @StorefrontId and not demo", new { StorefrontId = request.StorefrontId ?? Guid.Empty }, ct) == 0)
            {
                throw new ProblemException("storefront_unknown", "Choose the storefront whose shop it is.", 422);
            }
            if (request.System == ShopSystem.WooCommerce && await tx.CountAsync("select count(*) from commerce_connections where system = 'woo_commerce' and customer_prefix = @prefix", new { prefix }, ct) > 0)
            {
                throw new ProblemException("prefix_taken", "Another WooCommerce shop is connected with this prefix: its customer 7 would be this shop's customer 7. Choose another prefix.", 422);
            }
            var added = await tx.ExecuteAsync("""
                insert into commerce_connections (connection_id, system, storefront_id, customer_prefix, secret, created_at, name, settings)
                values (@id, @System, @StorefrontId, @prefix, @kept, @now, @name, @settings) on conflict do nothing
                """, new { id, request.System, request.StorefrontId, prefix, kept, now = time.GetUtcNow(), name, settings = settings is null ? (Json?)null : new Json(settings.ToJson()) }, ct);
            if (added == 0)
            {
                throw new ProblemException("storefront_connected", "This storefront has a connection already: its order numbers are those of one shop.", 422);
            }
            await audit.RecordAsync(tx, "connection.created", $"connection:{id}", reason: null, ct, EnumText.Of(request.System));
        }, ct);
        return new MadeConnection(id, string.IsNullOrWhiteSpace(request.Secret) ? secret : null);
    }
}

/// <summary>Gives a connection another secret; the one before holds for a grace, because shops change over late.</summary>
internal sealed class RotateConnection(Database database, ConnectionStore connections, AuditLog audit, TimeProvider time, CurrentActor actor)
{
    public const int MaxGraceHours = 720;

    /// <param name="GraceHours">0 where the old secret has leaked: it ends at once.</param>
    public sealed record Request(Guid ConnectionId, string? Secret, int GraceHours);

    /// <exception cref="ProblemException"><c>connection_unknown</c> (404); <c>secret_invalid</c>, <c>grace_invalid</c> (422).</exception>
    public async Task<MadeConnection> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(CommercePermissions.EditConnections);
        if (request.GraceHours is < 0 or > MaxGraceHours)
        {
            throw new ProblemException("grace_invalid", "The old secret can go on for 0 to {0} hours.", 422, MaxGraceHours);
        }
        var open = await connections.OpenAsync(request.ConnectionId, ct);
        var secret = ConnectionRules.SecretOf(open.Connection.System, request.Secret, open.Connection.Settings);
        var kept = await connections.SealAsync(request.ConnectionId, secret, ct);
        var old = request.GraceHours > 0 && open.Secrets is [var current, ..] ? await connections.SealOldAsync(request.ConnectionId, current, ct) : (Platform.Vault.Sealed<string>?)null;
        await database.WriteAsync(async tx =>
        {
            await tx.ExecuteAsync("update commerce_connections set secret = @kept, old_secret = @old, old_secret_until = @until where connection_id = @ConnectionId",
                new { kept, old, until = old is null ? (DateTimeOffset?)null : time.GetUtcNow().AddHours(request.GraceHours), request.ConnectionId }, ct);
            await audit.RecordAsync(tx, "connection.rotated", $"connection:{request.ConnectionId}", reason: null, ct, $"{request.GraceHours} h");
        }, ct);
        return new MadeConnection(request.ConnectionId, string.IsNullOrWhiteSpace(request.Secret) ? secret : null);
    }
}

/// <summary>Ends a connection: what came over it and was worked off stays, what was not goes.</summary>
internal sealed class RemoveConnection(Database database, ConnectionStore connections, AuditLog audit, CurrentActor actor)
{
    /// <exception cref="ProblemException"><c>connection_unknown</c> (404).</exception>
    public async Task RunAsync(Guid connectionId, CancellationToken ct)
    {
        actor.Demand(CommercePermissions.EditConnections);
        await database.WriteAsync(async tx =>
        {
            if (await tx.ExecuteAsync("delete from commerce_connections where connection_id = @connectionId", new { connectionId }, ct) == 0)
            {
                throw ConnectionStore.Unknown();
            }
            foreach (var table in new[] { "commerce_connection_leases", "commerce_connected", "commerce_mappings" })
            {
                await tx.ExecuteAsync($"delete from {table} where connection_id = @connectionId", new { connectionId }, ct);
            }
            await tx.ExecuteAsync("update commerce_deliveries set body = null, state = 'ignored', reason = 'connection_removed' where connection_id = @connectionId and (state in ('waiting', 'held', 'failed') or body is not null)",
                new { connectionId }, ct);
            await audit.RecordAsync(tx, "connection.removed", $"connection:{connectionId}", reason: null, ct);
        }, ct);
        await connections.DestroyAsync(connectionId, ct);
    }
}
