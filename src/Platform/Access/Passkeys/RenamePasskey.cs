using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Platform.Access.Passkeys;

/// <summary>Calls a passkey of one's own by another name.</summary>
public sealed class RenamePasskey(Database database, OwnAccount own, KeyStore keys)
{
    /// <exception cref="ProblemException"><c>name_invalid</c>, <c>passkey_unknown</c> (404).</exception>
    public async Task RunAsync(Guid passkeyId, string? name, CancellationToken ct)
    {
        var member = await own.GetAsync(ct);
        var called = StaffAccounts.DemandName(name);
        var kept = (await keys.KeysAsync([member.Id], create: true, ct)).Seal(member.Id, Passkey.NameColumn, called);
        var changed = await database.WriteAsync(tx => tx.ExecuteAsync(
            "update access_passkeys set name = @kept where id = @passkeyId and staff_id = @Id", new { kept, passkeyId, member.Id }, ct), ct);
        if (changed == 0)
        {
            throw RemovePasskey.Unknown();
        }
    }
}
