using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Platform.Access.SignIns;

/// <summary>Ends the pause of somebody who mistyped too often, or whose address others tried.</summary>
public sealed class ReleaseSignIn(Database database, SignInAttempts attempts, KeyStore keys, CurrentActor actor, AuditLog audit)
{
    /// <exception cref="ProblemException"><c>staff_unknown</c> (404).</exception>
    public async Task RunAsync(Guid staffId, CancellationToken ct)
    {
        actor.Demand(AccessPermissions.ManageStaff);
        var member = await database.ReadAsync(s => StaffDirectory.GetAsync(s, staffId, ct), ct);
        var opened = await keys.KeysAsync([member.Id], create: false, ct);
        var email = opened.Open(member.Id, StaffMember.Columns.Email, member.Email);
        var account = email is null ? null : await attempts.AccountOfAsync(email, ct);
        await database.WriteAsync(async tx =>
        {
            await SignInAttempts.ForgetAsync(tx, SignInAttempts.SecondFactorOf(member.Id), ct);
            if (account is not null)
            {
                await SignInAttempts.ForgetAsync(tx, account, ct);
            }
            await audit.RecordAsync(tx, "sign_in.released", $"staff:{member.Id}", null, ct);
        }, ct);
    }
}
