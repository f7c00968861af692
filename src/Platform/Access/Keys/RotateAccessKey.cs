using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.Keys;

/// <summary>Gives a key a new secret; the old one goes on for a grace, until every program has the new one.</summary>
public sealed class RotateAccessKey(Database database, AccessKeyStore keys, CurrentActor actor, AuditLog audit)
{
    public const int MaxGraceHours = 720;

    /// <param name="GraceHours">0 where the old secret has leaked: it ends at once.</param>
    public sealed record Request(Guid KeyId, int GraceHours);

    /// <returns>The key with its new secret, shown once.</returns>
    /// <exception cref="ProblemException"><c>grace_invalid</c>, <c>key_unknown</c> (404): there is none, or it was revoked.</exception>
    public Task<IssuedKey> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(AccessPermissions.ManageKeys);
        if (request.GraceHours is < 0 or > MaxGraceHours)
        {
            throw new ProblemException("grace_invalid", "The old secret can go on for 0 to {0} hours.", 400, MaxGraceHours);
        }
        return database.WriteAsync(async tx =>
        {
            var key = await AccessKeyStore.GetAsync(tx, request.KeyId, ct);
            await keys.RetireAsync(tx, key.Id, TimeSpan.FromHours(request.GraceHours), ct);
            await audit.RecordAsync(tx, "key.rotated", $"key:{key.Id}", null, ct, $"{request.GraceHours} h");
            return await keys.IssueAsync(tx, key, ct);
        }, ct);
    }
}
