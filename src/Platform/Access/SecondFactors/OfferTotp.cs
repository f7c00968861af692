using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Security;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Platform.Access.SecondFactors;

/// <summary>What an authenticator app needs.</summary>
/// <param name="Secret">Base32, for typing.</param>
/// <param name="Uri">For the QR code.</param>
public sealed record TotpOffer(string Secret, string Uri);

/// <summary>The secret for the authenticator app, made at the first call and the same until a code confirms it.</summary>
public sealed class OfferTotp(Database database, KeyStore keys, OwnAccount own, WebOptions web)
{
    /// <returns>Null where the app is on already: its secret is never shown again.</returns>
    public async Task<TotpOffer?> RunAsync(CancellationToken ct)
    {
        var member = await own.GetAsync(ct);
        if (member.HasTotp)
        {
            return null;
        }
        var opened = await keys.KeysAsync([member.Id], create: true, ct);
        var secret = opened.Open(member.Id, StaffMember.Columns.TotpSecret, member.TotpSecret);
        if (secret is null)
        {
            secret = Totp.NewSecret();
            var kept = opened.Seal(member.Id, StaffMember.Columns.TotpSecret, secret);
            await database.WriteAsync(tx => tx.ExecuteAsync(
                "update access_staff set totp_secret = @kept where id = @Id and totp_confirmed_at is null", new { kept, member.Id }, ct), ct);
        }
        var account = opened.Open(member.Id, StaffMember.Columns.Email, member.Email) ?? "staff";
        return new TotpOffer(secret, Totp.Uri(secret, $"Wellmet {web.BaseUrl.Host}", account));
    }
}
