using Wellmet.Platform.Access.Passwords;
using Wellmet.Platform.Access.SignIns;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Platform.Access.Staff;

/// <summary>Checks and seals what a member of staff says about themselves.</summary>
public sealed class StaffAccounts(KeyStore keys, StaffDirectory directory, PasswordRules rules, PasswordCheck passwords, TimeProvider time)
{
    public const int MaxNameLength = 100;

    internal sealed record Prepared(Sealed<string> Email, Sealed<string> Name, string PasswordHash);

    /// <summary>The sealed name of somebody new; their key is durable when this returns.</summary>
    internal async Task<Sealed<string>> SealNameAsync(Guid id, string? name, CancellationToken ct)
    {
        var called = DemandName(name);
        return (await keys.KeysAsync([id], create: true, ct)).Seal(id, StaffMember.Columns.Name, called);
    }

    internal Task InsertAsync(Transaction tx, Guid id, Role role, Sealed<string>? name, CancellationToken ct) => tx.ExecuteAsync(
        "insert into access_staff (id, role, name, created_at) values (@id, @role, @name, @now)", new { id, role, name, now = time.GetUtcNow() }, ct);

    /// <summary>Everything a new account needs; the address is claimed when this returns.</summary>
    internal async Task<Prepared> PrepareAsync(Guid id, string? email, string? name, string? password, CancellationToken ct)
    {
        var address = StaffDirectory.DemandEmail(email);
        var called = DemandName(name);
        var hash = passwords.Hash(rules.Demand(password, address, called));
        var opened = await keys.KeysAsync([id], create: true, ct);
        await directory.ClaimEmailAsync(id, address, ct);
        return new Prepared(opened.Seal(id, StaffMember.Columns.Email, address), opened.Seal(id, StaffMember.Columns.Name, called), hash);
    }

    /// <summary>The hash of a new password that fits the rules.</summary>
    internal async Task<string> HashNewPasswordAsync(StaffMember member, string? password, CancellationToken ct)
    {
        var opened = await keys.KeysAsync([member.Id], create: false, ct);
        return passwords.Hash(rules.Demand(password,
            opened.Open(member.Id, StaffMember.Columns.Email, member.Email), opened.Open(member.Id, StaffMember.Columns.Name, member.Name)));
    }

    /// <exception cref="ProblemException"><c>name_invalid</c>.</exception>
    internal static string DemandName(string? name)
    {
        var trimmed = name?.Trim() ?? "";
        return trimmed.Length is > 0 and <= MaxNameLength && !trimmed.Any(char.IsControl)
            ? trimmed
            : throw new ProblemException("name_invalid", "Enter a name of at most {0} characters.", 400, MaxNameLength);
    }
}
