using Wellmet.Platform.Access.Passwords;
using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.SignIns;

/// <summary>Either a session, or the way to the second factor.</summary>
/// <param name="Session">The reference for the browser.</param>
/// <param name="Challenge">To be sent back with the code within five minutes.</param>
/// <param name="Factors">What the person has for the second step.</param>
public sealed record SignInAnswer(SecretToken? Session, SecretToken? Challenge, SecondStep Factors = SecondStep.None);

/// <summary>Ways to prove who sits there, besides the password. Recovery codes stand for each of them.</summary>
[Flags]
public enum SecondStep
{
    None = 0,
    Code = 1,
    Passkey = 2,
}

/// <summary>Signs in with e-mail address and password.</summary>
public sealed class SignIn(Database database, StaffDirectory directory, PasswordCheck passwords, SignInAttempts attempts, SignInCompletion completion)
{
    /// <summary>What was typed; null where nothing was.</summary>
    public sealed record Request(string? Email, string? Password, Origin Origin);

    /// <exception cref="ProblemException"><c>sign_in_refused</c> (401), the same whatever was wrong; <c>sign_in_paused</c> (429).</exception>
    public async Task<SignInAnswer> RunAsync(Request request, CancellationToken ct)
    {
        var email = request.Email?.Trim() ?? "";
        var password = request.Password ?? "";
        if (email.Length is 0 or > StaffDirectory.MaxEmailLength || password.Length is 0 or > 2 * PasswordRules.MaxLength)
        {
            throw Refused();
        }
        var account = await attempts.AccountOfAsync(email, ct);
        await attempts.CountAsync(account, request.Origin.Network, ct);
        var member = await directory.FindByEmailAsync(email, ct);
        var (right, outdated) = passwords.Verify(member, password);
        if (!right || member is null)
        {
            await completion.RefusedAsync(member?.Id, "password", ct);
            throw Refused();
        }
        return await database.WriteAsync(async tx =>
        {
            if (outdated)
            {
                await tx.ExecuteAsync("update access_staff set password_hash = @hash where id = @Id", new { hash = passwords.Hash(password), member.Id }, ct);
            }
            await SignInAttempts.ForgetAsync(tx, account, ct);
            return member.HasSecondFactor
                ? new SignInAnswer(null, await completion.ChallengeAsync(tx, member.Id, ct), member.SecondSteps)
                : new SignInAnswer(await completion.StartAsync(tx, member.Id, request.Origin, "password", ct), null);
        }, ct);
    }

    internal static ProblemException Refused() => new("sign_in_refused", "The e-mail address or the password is not right.", 401);
}
