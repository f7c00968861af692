using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.Keys;

/// <summary>Ends a key for good, with all its secrets.</summary>
public sealed class RevokeAccessKey(Database database, AccessKeyStore keys, CurrentActor actor, AuditLog audit)
{
    /// <exception cref="ProblemException"><c>key_unknown</c> (404): there is none, or it was revoked.</exception>
    public Task RunAsync(Guid keyId, CancellationToken ct)
    {
        actor.Demand(AccessPermissions.ManageKeys);
        return database.WriteAsync(async tx =>
        {
            var key = await AccessKeyStore.GetAsync(tx, keyId, ct);
            await keys.RevokeAsync(tx, key.Id, ct);
            await audit.RecordAsync(tx, "key.revoked", $"key:{key.Id}", null, ct);
        }, ct);
    }
}
