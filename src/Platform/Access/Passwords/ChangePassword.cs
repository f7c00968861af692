using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Access.SignIns;
using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.Passwords;

/// <summary>Changes one's own password; one's other sessions end.</summary>
public sealed class ChangePassword(Database database, OwnAccount own, StaffAccounts accounts, AuditLog audit)
{
    /// <summary>What was typed; null where nothing was.</summary>
    public sealed record Request(string? Current, string? New);

    /// <exception cref="ProblemException">
    /// <c>password_wrong</c> (401), <c>sign_in_paused</c> (429), <c>password_short</c>, <c>password_long</c>, <c>password_common</c>.
    /// </exception>
    public async Task RunAsync(Request request, CancellationToken ct)
    {
        var member = await own.GetAsync(ct);
        await own.DemandPasswordAsync(member, request.Current, ct);
        var hash = await accounts.HashNewPasswordAsync(member, request.New, ct);
        await database.WriteAsync(async tx =>
        {
            await tx.ExecuteAsync("update access_staff set password_hash = @hash where id = @Id", new { hash, member.Id }, ct);
            await SignInAttempts.ForgetAsync(tx, SignInAttempts.SecondFactorOf(member.Id), ct);
            await SessionStore.EndAllAsync(tx, member.Id, except: own.Session.Id, ct);
            await audit.RecordAsync(tx, "password.changed", $"staff:{member.Id}", null, ct);
        }, ct);
    }
}
