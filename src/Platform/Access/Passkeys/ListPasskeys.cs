using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Platform.Access.Passkeys;

/// <summary>A passkey as its owner sees it.</summary>
/// <param name="IsSynced">It is kept by an account of the maker of the phone or browser, and so on all their devices.</param>
public sealed record PasskeyItem(Guid Id, string Name, bool IsSynced, DateTimeOffset CreatedAt, DateTimeOffset? UsedAt);

/// <summary>One's own passkeys, the oldest first.</summary>
public sealed class ListPasskeys(Database database, OwnAccount own, KeyStore keys)
{
    public async Task<IReadOnlyList<PasskeyItem>> RunAsync(CancellationToken ct)
    {
        var member = await own.GetAsync(ct);
        var passkeys = await database.ReadAsync(s => Passkey.OfAsync(s, member.Id, ct), ct);
        var opened = await keys.KeysAsync([member.Id], create: false, ct);
        return [.. passkeys.Select(p => new PasskeyItem(p.Id, opened.Open(member.Id, Passkey.NameColumn, p.Name) ?? "", p.Info.IsBackedUp, p.Info.CreatedAt, p.UsedAt))];
    }
}
