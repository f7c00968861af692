using Wellmet.Platform.Access.Passkeys;
using Wellmet.Platform.Access.SecondFactors;
using Wellmet.Platform.Access.SignIns;
using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.Sessions;

/// <summary>
/// Proves again who sits there, before a sensitive act: by the code of the authenticator app or, for those without a second
/// factor, by the password. (<see cref="ConfirmWithPasskey"/> is for those with a passkey.)
/// </summary>
public sealed class ConfirmIdentity(Database database, OwnAccount own, SessionStore sessions, TotpCheck totp, AuditLog audit)
{
    /// <exception cref="ProblemException"><c>code_refused</c>, <c>password_wrong</c>, <c>passkey_refused</c> (401), <c>sign_in_paused</c> (429).</exception>
    public async Task RunAsync(string? proof, CancellationToken ct)
    {
        var member = await own.GetAsync(ct);
        var step = member.HasTotp ? await FindStepAsync(member, proof, ct) : null;
        if (member is { HasTotp: false, HasPasskey: true })
        {
            throw PasskeyCeremonies.Refused();
        }
        if (!member.HasTotp)
        {
            await own.DemandPasswordAsync(member, proof, ct);
        }
        await database.WriteAsync(async tx =>
        {
            if (step is { } s && !await TotpCheck.UseAsync(tx, member.Id, s, ct))
            {
                throw SignInWithTotp.CodeRefused();
            }
            await SignInAttempts.ForgetAsync(tx, SignInAttempts.SecondFactorOf(member.Id), ct);
            await sessions.VerifiedAsync(tx, own.Session.Id ?? throw new ForbiddenException(AccessPermissions.ManageStaff), ct);
            await audit.RecordAsync(tx, "identity.confirmed", $"staff:{member.Id}", null, ct);
        }, ct);
    }

    private async Task<long?> FindStepAsync(StaffMember member, string? code, CancellationToken ct)
    {
        await own.CountTryAsync(member, ct);
        return await totp.FindStepAsync(member, code, ct) ?? throw SignInWithTotp.CodeRefused();
    }
}
