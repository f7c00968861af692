using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.Keys;

/// <summary>Makes a key for a program. It belongs to the shop, not to its maker: it goes on when they leave.</summary>
public sealed class CreateAccessKey(Database database, AccessKeyRules rules, AccessKeyStore keys, CurrentActor actor, AuditLog audit)
{
    public const int Most = 500;

    /// <param name="Scopes">Codes of permissions, for a secret key.</param>
    /// <param name="SiteId">For a write key.</param>
    /// <param name="LifeDays">Days after which its secret has to be rotated; null for never.</param>
    public sealed record Request(AccessKeyKind Kind, string? Name, IReadOnlyCollection<string> Scopes, Guid? SiteId = null, int? LifeDays = null);

    /// <returns>The key, shown once.</returns>
    /// <exception cref="ProblemException">See <see cref="AccessKeyRules.DemandAsync"/>; <c>keys_many</c> (409).</exception>
    public async Task<IssuedKey> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(AccessPermissions.ManageKeys);
        var asked = await rules.DemandAsync(request, ct);
        return await database.WriteAsync(async tx =>
        {
            if (await tx.CountAsync("select count(*) from access_keys where revoked_at is null", null, ct) >= Most)
            {
                throw new ProblemException("keys_many", "There are {0} keys already. Revoke those that are not used any more.", 409, Most);
            }
            var id = Id.New();
            await keys.InsertAsync(tx, id, asked, actor.Value.StaffId, ct);
            await audit.RecordAsync(tx, "key.created", $"key:{id}", null, ct, $"{EnumText.Of(asked.Kind)}: {string.Join(' ', asked.Scopes)}");
            return await keys.IssueAsync(tx, new(id, asked.Kind, asked.LifeDays), ct);
        }, ct);
    }
}
