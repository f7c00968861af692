using Wellmet.Platform.Access.Passwords;
using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Platform.Access.SignIns;

/// <summary>
/// Uses a one-time link. Somebody new gives e-mail address, name and password and is signed in. Somebody who lost the password chooses a new one,
/// all their sessions end, and they sign in with it: the second factor is asked as always.
/// </summary>
public sealed class RedeemSignInLink(Database database, SignInLinks links, StaffAccounts accounts, SignInCompletion completion, AuditLog audit)
{
    /// <summary>What was typed; null where nothing was.</summary>
    /// <param name="Token">Of the link, as it stands in the address.</param>
    public sealed record Request(string? Token, string? Email, string? Name, string? Password, Origin Origin);

    /// <returns>A session for somebody new, else null.</returns>
    /// <exception cref="ProblemException">
    /// <c>link_expired</c> (410), <c>email_invalid</c>, <c>email_taken</c>, <c>name_invalid</c>, <c>password_short</c>, <c>password_long</c>, <c>password_common</c>.
    /// </exception>
    public async Task<SecretToken?> RunAsync(Request request, CancellationToken ct)
    {
        var member = await links.FindAsync(request.Token, ct);
        return member.PasswordHash is null
            ? await WelcomeAsync(member, request, ct)
            : await ReplacePasswordAsync(member, request, ct);
    }

    private async Task<SecretToken?> WelcomeAsync(StaffMember member, Request request, CancellationToken ct)
    {
        var account = await accounts.PrepareAsync(member.Id, request.Email, request.Name, request.Password, ct);
        return await database.WriteAsync<SecretToken?>(async tx =>
        {
            await links.UseAsync(tx, request.Token!, ct);
            await tx.ExecuteAsync("update access_staff set email = @Email, name = @Name, password_hash = @PasswordHash where id = @Id",
                new { account.Email, account.Name, account.PasswordHash, member.Id }, ct);
            await audit.RecordAsync(tx, "staff.joined", $"staff:{member.Id}", null, ct);
            return await completion.StartAsync(tx, member.Id, request.Origin, "link", ct);
        }, ct);
    }

    private async Task<SecretToken?> ReplacePasswordAsync(StaffMember member, Request request, CancellationToken ct)
    {
        var hash = await accounts.HashNewPasswordAsync(member, request.Password, ct);
        await database.WriteAsync(async tx =>
        {
            await links.UseAsync(tx, request.Token!, ct);
            await tx.ExecuteAsync("update access_staff set password_hash = @hash where id = @Id", new { hash, member.Id }, ct);
            await SessionStore.EndAllAsync(tx, member.Id, except: null, ct);
            await audit.RecordAsync(tx, "password.changed", $"staff:{member.Id}", null, ct, "link");
        }, ct);
        return null;
    }
}
