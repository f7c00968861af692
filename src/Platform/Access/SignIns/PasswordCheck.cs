using Microsoft.AspNetCore.Identity;
using Wellmet.Platform.Access.Staff;

namespace Wellmet.Platform.Access.SignIns;

/// <summary>Compares passwords; costs the same for an account that does not exist.</summary>
public sealed class PasswordCheck(IPasswordHasher<StaffMember> hasher)
{
    // A hash of a password that nobody has, made once with the same cost as the real ones.
    private static readonly Lock Making = new();
    private static string? nobodys;

    /// <summary>Whether it is right, and whether its hash was made with an older setting and is to be made anew.</summary>
    public (bool Right, bool Outdated) Verify(StaffMember? member, string password)
    {
        var hash = member is { IsActive: true, PasswordHash: { } own } ? own : null;
        var result = hasher.VerifyHashedPassword(null!, hash ?? Nobodys(), password);
        return (hash is not null && result != PasswordVerificationResult.Failed, result == PasswordVerificationResult.SuccessRehashNeeded);
    }

    public string Hash(string password) => hasher.HashPassword(null!, password);

    private string Nobodys()
    {
        lock (Making)
        {
            return nobodys ??= Hash(SecretToken.New().Text);
        }
    }
}
