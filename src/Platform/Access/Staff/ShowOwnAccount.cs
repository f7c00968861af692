using Wellmet.Platform.Access.Passwords;
using Wellmet.Platform.Access.SecondFactors;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Platform.Access.Staff;

/// <summary>One's own account as its page shows it.</summary>
public sealed record AccountView(string? Name, string? Email, Role Role, bool HasTotp, bool HasPasskey, int RecoveryCodesLeft, int MinPasswordLength);

/// <summary>The account of whoever is signed in.</summary>
public sealed class ShowOwnAccount(Database database, KeyStore keys, OwnAccount own, PasswordRules rules)
{
    public async Task<AccountView> RunAsync(CancellationToken ct)
    {
        var member = await own.GetAsync(ct);
        var opened = await keys.KeysAsync([member.Id], create: false, ct);
        var left = await database.ReadAsync(s => RecoveryCodes.LeftAsync(s, member.Id, ct), ct);
        return new AccountView(opened.Open(member.Id, StaffMember.Columns.Name, member.Name), opened.Open(member.Id, StaffMember.Columns.Email, member.Email),
            member.Role, member.HasTotp, member.HasPasskey, left, rules.MinLength);
    }
}
