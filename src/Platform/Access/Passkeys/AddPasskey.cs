using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Wellmet.Platform.Access.SecondFactors;
using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Platform.Access.Passkeys;

/// <summary>Keeps a new passkey of one's own; one's other sessions end. The route asks for a recent proof of identity.</summary>
public sealed class AddPasskey(Database database, PasskeyCeremonies ceremonies, OwnAccount own, KeyStore keys, AuditLog audit)
{
    public const int Most = 20;

    /// <param name="Answer">What the browser got from the authenticator, as JSON.</param>
    public sealed record Request(string? Ceremony, string? Answer, string? Name);

    /// <returns>Ten recovery codes, shown once, where this is the first second factor; else null.</returns>
    /// <exception cref="ProblemException"><c>name_invalid</c>, <c>passkeys_many</c> (409), <c>passkey_expired</c>, <c>passkey_refused</c> (401).</exception>
    public async Task<IReadOnlyList<string>?> RunAsync(Request request, CancellationToken ct)
    {
        var member = await own.GetAsync(ct);
        var name = StaffAccounts.DemandName(request.Name);
        var passkey = await ceremonies.FinishCreationAsync(request.Ceremony, request.Answer, member, ct);
        var kept = (await keys.KeysAsync([member.Id], create: true, ct)).Seal(member.Id, Passkey.NameColumn, name);
        return await database.WriteAsync(async tx =>
        {
            if (await tx.CountAsync("select count(*) from access_passkeys where staff_id = @Id", new { member.Id }, ct) >= Most)
            {
                throw new ProblemException("passkeys_many", "You have {0} passkeys already. Remove one first.", 409, Most);
            }
            await InsertAsync(tx, member.Id, passkey, kept, ct);
            await SessionStore.EndAllAsync(tx, member.Id, except: own.Session.Id, ct);
            await audit.RecordAsync(tx, "passkey.added", $"staff:{member.Id}", null, ct);
            return member.HasSecondFactor ? null : await RecoveryCodes.RenewAsync(tx, member.Id, ct);
        }, ct);
    }

    private static Task InsertAsync(Transaction tx, Guid staffId, UserPasskeyInfo passkey, Sealed<string> name, CancellationToken ct) => tx.ExecuteAsync("""
        insert into access_passkeys (id, staff_id, credential_id, public_key, sign_count, transports, backup_eligible, backed_up, name, created_at)
        values (@id, @staffId, @CredentialId, @PublicKey, @count, @transports, @IsBackupEligible, @IsBackedUp, @name, @CreatedAt)
        """, new
    {
        id = Platform.Id.New(), staffId, passkey.CredentialId, passkey.PublicKey, count = (long)passkey.SignCount,
        transports = new Json(JsonSerializer.Serialize(passkey.Transports ?? [])), passkey.IsBackupEligible, passkey.IsBackedUp, name, passkey.CreatedAt,
    }, ct);
}
