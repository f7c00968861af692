using Wellmet.Platform.Access.SecondFactors;
using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.SignIns;

/// <summary>Second step of a sign-in without the phone: one of the ten recovery codes.</summary>
public sealed class SignInWithRecoveryCode(Database database, SignInAttempts attempts, SignInCompletion completion, TimeProvider time)
{
    /// <summary>What was typed; null where nothing was.</summary>
    /// <param name="Challenge">The reference of the sign-in whose password was right.</param>
    public sealed record Request(string? Challenge, string? Code, Origin Origin);

    /// <exception cref="ProblemException"><c>recovery_code_refused</c>, <c>sign_in_expired</c> (401), <c>sign_in_paused</c> (429).</exception>
    public async Task<SecretToken> RunAsync(Request request, CancellationToken ct)
    {
        var member = await completion.ChallengedAsync(request.Challenge, ct);
        await attempts.CountAsync(SignInAttempts.SecondFactorOf(member.Id), request.Origin.Network, ct);
        var session = await database.WriteAsync<SecretToken?>(async tx =>
            await RecoveryCodes.UseAsync(tx, member.Id, request.Code, time.GetUtcNow(), ct)
                ? await completion.AnsweredAsync(tx, request.Challenge!, member, request.Origin, "password and recovery code", ct)
                : null, ct);
        if (session is null)
        {
            await completion.RefusedAsync(member.Id, "recovery code", ct);
            throw new ProblemException("recovery_code_refused", "This recovery code is not right, or was used already.", 401);
        }
        return session.Value;
    }
}
