using Wellmet.Platform.Access.SecondFactors;
using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.SignIns;

/// <summary>Second step of a sign-in: the code of the authenticator app.</summary>
public sealed class SignInWithTotp(Database database, SignInAttempts attempts, TotpCheck totp, SignInCompletion completion)
{
    /// <summary>What was typed; null where nothing was.</summary>
    /// <param name="Challenge">The reference of the sign-in whose password was right.</param>
    public sealed record Request(string? Challenge, string? Code, Origin Origin);

    /// <exception cref="ProblemException"><c>code_refused</c>, <c>sign_in_expired</c> (401), <c>sign_in_paused</c> (429).</exception>
    public async Task<SecretToken> RunAsync(Request request, CancellationToken ct)
    {
        var member = await completion.ChallengedAsync(request.Challenge, ct);
        await attempts.CountAsync(SignInAttempts.SecondFactorOf(member.Id), request.Origin.Network, ct);
        var step = await totp.FindStepAsync(member, request.Code, ct);
        var session = step is null ? null : await database.WriteAsync<SecretToken?>(async tx =>
            await TotpCheck.UseAsync(tx, member.Id, step.Value, ct)
                ? await completion.AnsweredAsync(tx, request.Challenge!, member, request.Origin, "password and code", ct)
                : null, ct);
        if (session is null)
        {
            await completion.RefusedAsync(member.Id, "code", ct);
            throw CodeRefused();
        }
        return session.Value;
    }

    internal static ProblemException CodeRefused() =>
        new("code_refused", "This code is not right, or was used already. Wait for the next one and check the clock of your phone.", 401);
}
