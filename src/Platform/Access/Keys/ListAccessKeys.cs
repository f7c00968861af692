using System.Text.Json;
using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.Keys;

/// <summary>A key as the list shows it.</summary>
/// <param name="Site">Name of the site of a write key; null where it was deleted.</param>
/// <param name="CreatedBy">Name of the maker; null for the program itself and for somebody without a name.</param>
/// <param name="Secrets">The one in use first, also where it has expired, then a retired one.</param>
public sealed record AccessKeyItem(
    Guid Id, AccessKeyKind Kind, string Name, string? Site, IReadOnlyList<string> Scopes, string? CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt, IReadOnlyList<KeySecretItem> Secrets)
{
    public DateTimeOffset? LastUsedAt => Secrets.Max(s => s.LastUsedAt);
}

/// <param name="Hint">The beginning and the end of it, never the whole.</param>
public sealed record KeySecretItem(string Hint, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt);

/// <summary>All keys, those that were revoked at the end.</summary>
public sealed class ListAccessKeys(Database database, AccessKeyRules rules, StaffDirectory staff, CurrentActor actor)
{
    private const int Most = 2000;

    private sealed record Entry(Guid Id, AccessKeyKind Kind, string Name, Guid? SiteId, string Scopes, Guid? CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt);

    public async Task<IReadOnlyList<AccessKeyItem>> RunAsync(CancellationToken ct)
    {
        actor.Demand(AccessPermissions.ReadKeys);
        var (keys, secrets) = await database.ReadAsync(async s => (await KeysAsync(s, ct), await SecretsAsync(s, ct)), ct);
        var sites = (await rules.SitesAsync(ct)).ToDictionary(s => s.SiteId, s => s.Name);
        var names = await staff.NamesAsync([.. keys.Select(k => k.CreatedBy).OfType<Guid>().Distinct()], ct);
        return
        [
            .. keys.Select(k => new AccessKeyItem(k.Id, k.Kind, k.Name, k.SiteId is { } site ? sites.GetValueOrDefault(site) : null,
                JsonSerializer.Deserialize<string[]>(k.Scopes)!, k.CreatedBy is { } maker ? names.GetValueOrDefault(maker) : null, k.CreatedAt, k.RevokedAt, [.. secrets[k.Id]])),
        ];
    }

    private static Task<List<Entry>> KeysAsync(Session session, CancellationToken ct) => session.QueryAsync("""
        select id, kind, name, site_id, scopes, created_by, created_at, revoked_at from access_keys
        order by case when revoked_at is null then 0 else 1 end, created_at, id limit @Most
        """, new { Most },
        r => new Entry(r.Guid(0), r.Enum<AccessKeyKind>(1), r.Text(2), r.GuidOrNull(3), r.Text(4), r.GuidOrNull(5), r.Time(6), r.TimeOrNull(7)), ct);

    private static async Task<ILookup<Guid, KeySecretItem>> SecretsAsync(Session session, CancellationToken ct)
    {
        var rows = await session.QueryAsync("select key_id, hint, created_at, expires_at, last_used_at from access_key_secrets order by case when retired_at is null then 0 else 1 end limit @most",
            new { most = 2 * Most }, r => (Key: r.Guid(0), Secret: new KeySecretItem(r.Text(1), r.Time(2), r.TimeOrNull(3), r.TimeOrNull(4))), ct);
        return rows.ToLookup(r => r.Key, r => r.Secret);
    }
}
