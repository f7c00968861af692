using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Access.SignIns;
using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.SecondFactors;

/// <summary>Switches the authenticator app on, by a first code that proves it has the secret; one's other sessions end.</summary>
public sealed class SetUpTotp(Database database, OwnAccount own, TotpCheck totp, AuditLog audit, TimeProvider time)
{
    /// <returns>Ten recovery codes, shown once.</returns>
    /// <exception cref="ProblemException"><c>code_refused</c> (401), <c>totp_on</c> (409), <c>sign_in_paused</c> (429).</exception>
    public async Task<IReadOnlyList<string>> RunAsync(string? code, CancellationToken ct)
    {
        var member = await own.GetAsync(ct);
        if (member.HasTotp)
        {
            throw new ProblemException("totp_on", "The authenticator app is on already.", 409);
        }
        await own.CountTryAsync(member, ct);
        var step = await totp.FindStepAsync(member, code, ct) ?? throw SignInWithTotp.CodeRefused();
        return await database.WriteAsync(async tx =>
        {
            var now = time.GetUtcNow();
            await tx.ExecuteAsync("update access_staff set totp_confirmed_at = @now, totp_last_step = @step where id = @Id", new { now, step, member.Id }, ct);
            await SignInAttempts.ForgetAsync(tx, SignInAttempts.SecondFactorOf(member.Id), ct);
            await SessionStore.EndAllAsync(tx, member.Id, except: own.Session.Id, ct);
            await audit.RecordAsync(tx, "second_factor.on", $"staff:{member.Id}", null, ct);
            return await RecoveryCodes.RenewAsync(tx, member.Id, ct);
        }, ct);
    }
}
