using Wellmet.Platform.Access.Passkeys;
using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.SignIns;

/// <summary>
/// Signs in with a passkey: the device, and the finger, face or PIN that opens it, are two factors, so no password and no code is asked. It also works
/// while somebody else's guesses pause the password.
/// </summary>
public sealed class SignInWithPasskey(Database database, PasskeyCeremonies ceremonies, SignInCompletion completion)
{
    /// <param name="Answer">What the browser got from the authenticator, as JSON.</param>
    public sealed record Request(string? Ceremony, string? Answer, Origin Origin);

    /// <exception cref="ProblemException"><c>passkey_expired</c>, <c>passkey_refused</c> (401).</exception>
    public async Task<SecretToken> RunAsync(Request request, CancellationToken ct)
    {
        try
        {
            var (member, passkey) = await ceremonies.FinishUseAsync(request.Ceremony, request.Answer, ct);
            return await database.WriteAsync(async tx =>
            {
                await ceremonies.UsedAsync(tx, passkey, ct);
                return await completion.StartAsync(tx, member.Id, request.Origin, "passkey", ct);
            }, ct);
        }
        catch (ProblemException refused) when (refused.Code == "passkey_refused")
        {
            await completion.RefusedAsync(null, "passkey", ct);
            throw;
        }
    }
}
