using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.SignIns;

/// <summary>Makes a link with which somebody on the staff chooses a new password; the old one is good until the link is used. A second factor that is
/// forgotten is forgotten at once: whoever lost the phone may have lost it to somebody.</summary>
public sealed class CreateSignInLink(Database database, SignInLinks links, CurrentActor actor, AuditLog audit)
{
    /// <param name="ForgetSecondFactor">Also forget the passkeys and switch the authenticator app off: the phone and the recovery codes are lost.</param>
    public sealed record Request(Guid StaffId, bool ForgetSecondFactor = false);

    /// <returns>The link, to be handed over by a safe way; it is not shown again.</returns>
    public Task<Uri> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(AccessPermissions.ManageStaff);
        return database.WriteAsync(async tx =>
        {
            var member = await StaffDirectory.GetAsync(tx, request.StaffId, ct);
            if (!member.IsActive)
            {
                throw new ProblemException("staff_inactive", "This person was deactivated. Activate them first.", 409);
            }
            if (request.ForgetSecondFactor && member.HasSecondFactor)
            {
                await tx.ExecuteAsync("update access_staff set totp_secret = null, totp_confirmed_at = null where id = @Id", new { member.Id }, ct);
                await tx.ExecuteAsync("delete from access_passkeys where staff_id = @Id", new { member.Id }, ct);
                await tx.ExecuteAsync("delete from access_recovery_codes where staff_id = @Id", new { member.Id }, ct);
                await audit.RecordAsync(tx, "second_factor.forgotten", $"staff:{member.Id}", null, ct);
            }
            await audit.RecordAsync(tx, "sign_in_link.created", $"staff:{member.Id}", null, ct);
            return await links.CreateAsync(tx, member.Id, member.PasswordHash is null ? SignInLinks.Invitation : SignInLinks.LostPassword, ct);
        }, ct);
    }
}
