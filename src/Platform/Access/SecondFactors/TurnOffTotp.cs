using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.SecondFactors;

/// <summary>Switches one's authenticator app off; one's other sessions end. The route asks for a recent proof of identity.</summary>
public sealed class TurnOffTotp(Database database, OwnAccount own, AuditLog audit)
{
    public async Task RunAsync(CancellationToken ct)
    {
        var member = await own.GetAsync(ct);
        await database.WriteAsync(async tx =>
        {
            await tx.ExecuteAsync("update access_staff set totp_secret = null, totp_confirmed_at = null where id = @Id", new { member.Id }, ct);
            await RecoveryCodes.ForgetUnusableAsync(tx, member.Id, ct);
            await SessionStore.EndAllAsync(tx, member.Id, except: own.Session.Id, ct);
            await audit.RecordAsync(tx, "second_factor.off", $"staff:{member.Id}", null, ct);
        }, ct);
    }
}
