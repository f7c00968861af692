using Microsoft.AspNetCore.Identity;
using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.Passkeys;

/// <summary>
/// What the framework's passkey handler reads: staff and their passkeys. It writes nothing; that do our use cases, with their entry in the audit
/// log in the same transaction.
/// </summary>
internal sealed class PasskeyUsers(Database database, StaffDirectory directory) : IUserPasskeyStore<StaffMember>
{
    /// <summary>The handle that an authenticator keeps: our id, and nothing about the person.</summary>
    public static string HandleOf(StaffMember member) => member.Id.ToString("N");

    public async Task<StaffMember?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        Guid.TryParseExact(userId, "N", out var id) ? await directory.FindAsync(id, cancellationToken) : null;

    public async Task<StaffMember?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        await FindAsync(credentialId, cancellationToken) is { } passkey ? await directory.FindAsync(passkey.StaffId, cancellationToken) : null;

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(StaffMember user, byte[] credentialId, CancellationToken cancellationToken) =>
        await FindAsync(credentialId, cancellationToken) is { } passkey && passkey.StaffId == user.Id ? passkey.Info : null;

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(StaffMember user, CancellationToken cancellationToken) =>
        [.. (await database.ReadAsync(s => Passkey.OfAsync(s, user.Id, cancellationToken), cancellationToken)).Select(p => p.Info)];

    public Task<string> GetUserIdAsync(StaffMember user, CancellationToken cancellationToken) => Task.FromResult(HandleOf(user));

    public Task<string?> GetUserNameAsync(StaffMember user, CancellationToken cancellationToken) => Task.FromResult<string?>(HandleOf(user));

    public Task<string?> GetNormalizedUserNameAsync(StaffMember user, CancellationToken cancellationToken) => GetUserNameAsync(user, cancellationToken);

    public Task<StaffMember?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => Task.FromResult<StaffMember?>(null);

    public Task AddOrUpdatePasskeyAsync(StaffMember user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw ReadOnly();
    public Task RemovePasskeyAsync(StaffMember user, byte[] credentialId, CancellationToken cancellationToken) => throw ReadOnly();
    public Task SetUserNameAsync(StaffMember user, string? userName, CancellationToken cancellationToken) => throw ReadOnly();
    public Task SetNormalizedUserNameAsync(StaffMember user, string? normalizedName, CancellationToken cancellationToken) => throw ReadOnly();
    public Task<IdentityResult> CreateAsync(StaffMember user, CancellationToken cancellationToken) => throw ReadOnly();
    public Task<IdentityResult> UpdateAsync(StaffMember user, CancellationToken cancellationToken) => throw ReadOnly();
    public Task<IdentityResult> DeleteAsync(StaffMember user, CancellationToken cancellationToken) => throw ReadOnly();

    public void Dispose()
    {
        // Holds nothing.
    }

    private Task<Passkey?> FindAsync(byte[] credentialId, CancellationToken ct) => database.ReadAsync(s => s.FirstAsync(
        $"select {Passkey.Selected} from access_passkeys p where p.credential_id = @credentialId", new { credentialId }, Passkey.Read, ct), ct);

    private static NotSupportedException ReadOnly() => new("Staff are written by use cases.");
}
