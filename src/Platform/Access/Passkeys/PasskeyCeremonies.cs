using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.Passkeys;

/// <summary>What a page needs to ask the authenticator.</summary>
/// <param name="Ceremony">To be sent back with the answer, within five minutes.</param>
/// <param name="Options">For <c>navigator.credentials</c>.</param>
public sealed record PasskeyOffer(string Ceremony, JsonElement Options);

/// <summary>
/// The two ceremonies of WebAuthn (level 3): a new passkey, and its use. The framework's handler makes the challenges and checks the answers; what
/// it has to remember in between is kept here, and serves once.
/// </summary>
public sealed class PasskeyCeremonies(IPasskeyHandler<StaffMember> handler, IHttpContextAccessor accessor, Database database, TimeProvider time)
{
    private const int MaxAnswer = 64 * 1024;
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    /// <param name="shown">Name and address, which the authenticator shows to its owner.</param>
    internal async Task<PasskeyOffer> BeginCreationAsync(StaffMember member, (string Name, string Email) shown, CancellationToken ct)
    {
        var made = await handler.MakeCreationOptionsAsync(new PasskeyUserEntity { Id = PasskeyUsers.HandleOf(member), Name = shown.Email, DisplayName = shown.Name }, Http);
        return await KeepAsync(made.CreationOptionsJson, made.AttestationState, ct);
    }

    /// <param name="member">Whose passkey it must be; anybody's where null.</param>
    internal async Task<PasskeyOffer> BeginUseAsync(StaffMember? member, CancellationToken ct)
    {
        var made = await handler.MakeRequestOptionsAsync(member, Http);
        return await KeepAsync(made.RequestOptionsJson, made.AssertionState, ct);
    }

    /// <exception cref="ProblemException"><c>passkey_expired</c>, <c>passkey_refused</c> (401).</exception>
    internal async Task<UserPasskeyInfo> FinishCreationAsync(string? ceremony, string? answer, StaffMember member, CancellationToken ct)
    {
        var state = await TakeAsync(ceremony, answer, ct);
        var result = await handler.PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = Http, CredentialJson = answer!, AttestationState = state });
        return result.Succeeded && result.UserEntity.Id == PasskeyUsers.HandleOf(member) ? result.Passkey : throw Refused();
    }

    /// <returns>Whose passkey answered, and the passkey with its counter moved on.</returns>
    /// <exception cref="ProblemException"><c>passkey_expired</c>, <c>passkey_refused</c> (401).</exception>
    internal async Task<(StaffMember Member, UserPasskeyInfo Passkey)> FinishUseAsync(string? ceremony, string? answer, CancellationToken ct)
    {
        var state = await TakeAsync(ceremony, answer, ct);
        var result = await handler.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = Http, CredentialJson = answer!, AssertionState = state });
        return result.Succeeded && result.User.IsActive ? (result.User, result.Passkey) : throw Refused();
    }

    /// <summary>Notes the use; part of the transaction that lets somebody in.</summary>
    internal async Task UsedAsync(Transaction tx, UserPasskeyInfo passkey, CancellationToken ct)
    {
        var used = await tx.ExecuteAsync("update access_passkeys set sign_count = @count, backed_up = @IsBackedUp, used_at = @now where credential_id = @CredentialId",
            new { count = (long)passkey.SignCount, passkey.IsBackedUp, now = time.GetUtcNow(), passkey.CredentialId }, ct);
        if (used == 0)
        {
            throw Refused();
        }
    }

    internal static ProblemException Refused() => new("passkey_refused", "This passkey was not accepted. Try again, or sign in with your password.", 401);

    private HttpContext Http => accessor.HttpContext ?? throw new InvalidOperationException("A passkey is used in a browser.");

    private async Task<PasskeyOffer> KeepAsync(string options, string? state, CancellationToken ct)
    {
        var token = SecretToken.New();
        await database.WriteAsync(tx => tx.ExecuteAsync("insert into access_passkey_ceremonies (token_hash, state, expires_at) values (@Hash, @state, @until)",
            new { token.Hash, state = state ?? "", until = time.GetUtcNow() + Life }, ct), ct);
        return new PasskeyOffer(token.Text, JsonElement.Parse(options));
    }

    private async Task<string> TakeAsync(string? ceremony, string? answer, CancellationToken ct)
    {
        if (answer is not { Length: > 0 and <= MaxAnswer })
        {
            throw Refused();
        }
        var hash = SecretToken.HashOf(ceremony) ?? throw Expired();
        return await database.WriteAsync(tx => tx.FirstAsync(
            "delete from access_passkey_ceremonies where token_hash = @hash and expires_at > @now returning state", new { hash, now = time.GetUtcNow() }, r => r.Text(0), ct), ct) ?? throw Expired();
    }

    private static ProblemException Expired() => new("passkey_expired", "This took too long. Try again.", 401);
}
