using System.Text.Json;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.Keys;

/// <summary>A key as it is shown once.</summary>
/// <param name="Text">The whole key; only its hash is kept.</param>
public sealed record IssuedKey(Guid KeyId, AccessKeyKind Kind, string Text)
{
    public override string ToString() => $"{Kind} key {KeyId}";
}

/// <summary>Writes keys and their secrets, in the transaction of the act.</summary>
public sealed class AccessKeyStore(AccessKeyDirectory directory, TimeProvider time)
{
    internal sealed record Standing(Guid Id, AccessKeyKind Kind, int? LifeDays);

    /// <summary>A key that was not revoked; locked until the transaction ends, because two rotations at once would leave three secrets.</summary>
    /// <exception cref="ProblemException"><c>key_unknown</c> (404).</exception>
    internal static async Task<Standing> GetAsync(Transaction tx, Guid id, CancellationToken ct) => await tx.FirstAsync(
        "select id, kind, life_days from access_keys where id = @id and revoked_at is null" + tx.Pick("", " for update"), new { id },
        r => new Standing(r.Guid(0), r.Enum<AccessKeyKind>(1), (int?)r.LongOrNull(2)), ct) ?? throw new ProblemException("key_unknown", "There is no such key, or it was revoked.", 404);

    internal Task InsertAsync(Transaction tx, Guid id, CreateAccessKey.Request key, Guid? createdBy, CancellationToken ct) => tx.ExecuteAsync("""
        insert into access_keys (id, kind, name, site_id, scopes, life_days, created_by, created_at)
        values (@id, @Kind, @Name, @SiteId, @scopes, @LifeDays, @createdBy, @now)
        """, new { id, key.Kind, key.Name, key.SiteId, scopes = new Json(JsonSerializer.Serialize(key.Scopes)), key.LifeDays, createdBy, now = time.GetUtcNow() }, ct);

    internal async Task<IssuedKey> IssueAsync(Transaction tx, Standing key, CancellationToken ct)
    {
        var secret = SecretToken.New();
        var now = time.GetUtcNow();
        DateTimeOffset? until = key.LifeDays is { } days ? now.AddDays(days) : null;
        await tx.ExecuteAsync("insert into access_key_secrets (secret_hash, key_id, hint, created_at, expires_at) values (@Hash, @Id, @hint, @now, @until)",
            new { secret.Hash, key.Id, hint = AccessKeyText.HintOf(key.Kind, secret), now, until }, ct);
        return new IssuedKey(key.Id, key.Kind, AccessKeyText.Of(key.Kind, secret));
    }

    /// <summary>The secret in use goes on for the grace; one that was in its grace already ends now, so two are valid at most.</summary>
    internal async Task RetireAsync(Transaction tx, Guid keyId, TimeSpan grace, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await tx.ExecuteAsync("delete from access_key_secrets where key_id = @keyId and retired_at is not null", new { keyId }, ct);
        await tx.ExecuteAsync("""
            update access_key_secrets set retired_at = @now, expires_at = case when expires_at < @until then expires_at else @until end where key_id = @keyId
            """, new { keyId, now, until = now + grace }, ct);
        tx.AfterCommit(() => directory.Forget(keyId));
    }

    internal async Task RevokeAsync(Transaction tx, Guid keyId, CancellationToken ct)
    {
        await tx.ExecuteAsync("update access_keys set revoked_at = @now where id = @keyId", new { now = time.GetUtcNow(), keyId }, ct);
        tx.AfterCommit(() => directory.Forget(keyId));
    }
}
