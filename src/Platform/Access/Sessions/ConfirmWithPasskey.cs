using Wellmet.Platform.Access.Passkeys;
using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.Sessions;

/// <summary>Proves again who sits there, before a sensitive act, by one's passkey.</summary>
public sealed class ConfirmWithPasskey(Database database, OwnAccount own, SessionStore sessions, PasskeyCeremonies ceremonies, AuditLog audit)
{
    /// <exception cref="ProblemException"><c>passkey_expired</c>, <c>passkey_refused</c> (401).</exception>
    public async Task RunAsync(string? ceremony, string? answer, CancellationToken ct)
    {
        var member = await own.GetAsync(ct);
        var (holder, passkey) = await ceremonies.FinishUseAsync(ceremony, answer, ct);
        if (holder.Id != member.Id)
        {
            throw PasskeyCeremonies.Refused();
        }
        await database.WriteAsync(async tx =>
        {
            await ceremonies.UsedAsync(tx, passkey, ct);
            await sessions.VerifiedAsync(tx, own.Session.Id ?? throw new ForbiddenException(AccessPermissions.ManageStaff), ct);
            await audit.RecordAsync(tx, "identity.confirmed", $"staff:{member.Id}", null, ct, "passkey");
        }, ct);
    }
}
