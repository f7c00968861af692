using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Vault;

namespace Wellmet.Platform.Access.Passkeys;

/// <summary>Begins a new passkey of one's own.</summary>
public sealed class OfferPasskey(PasskeyCeremonies ceremonies, OwnAccount own, KeyStore keys)
{
    public async Task<PasskeyOffer> RunAsync(CancellationToken ct)
    {
        var member = await own.GetAsync(ct);
        var opened = await keys.KeysAsync([member.Id], create: false, ct);
        var email = opened.Open(member.Id, StaffMember.Columns.Email, member.Email) ?? "staff";
        return await ceremonies.BeginCreationAsync(member, (opened.Open(member.Id, StaffMember.Columns.Name, member.Name) ?? email, email), ct);
    }
}
