using Wellmet.Platform.Access.SecondFactors;
using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.Passkeys;

/// <summary>Removes a passkey of one's own; one's other sessions end. The route asks for a recent proof of identity.</summary>
public sealed class RemovePasskey(Database database, OwnAccount own, AuditLog audit)
{
    /// <exception cref="ProblemException"><c>passkey_unknown</c> (404).</exception>
    public async Task RunAsync(Guid passkeyId, CancellationToken ct)
    {
        var member = await own.GetAsync(ct);
        await database.WriteAsync(async tx =>
        {
            if (await tx.ExecuteAsync("delete from access_passkeys where id = @passkeyId and staff_id = @Id", new { passkeyId, member.Id }, ct) == 0)
            {
                throw Unknown();
            }
            await RecoveryCodes.ForgetUnusableAsync(tx, member.Id, ct);
            await SessionStore.EndAllAsync(tx, member.Id, except: own.Session.Id, ct);
            await audit.RecordAsync(tx, "passkey.removed", $"staff:{member.Id}", null, ct);
        }, ct);
    }

    internal static ProblemException Unknown() => new("passkey_unknown", "There is no such passkey any more.", 404);
}
