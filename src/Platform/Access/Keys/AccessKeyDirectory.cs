using System.Collections.Concurrent;
using System.Text.Json;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.Keys;

/// <summary>A key that is alive, as requests use it.</summary>
/// <param name="SiteId">The site whose events a write key sends; null for a secret key.</param>
/// <param name="Actor">Who acts: <c>key:{id}</c>, with the key's scopes as permissions.</param>
public sealed record LiveKey(Guid KeyId, AccessKeyKind Kind, Guid? SiteId, Actor Actor, DateTimeOffset? ExpiresAt);

/// <summary>
/// Finds keys that are alive. Each is read from the database once in five seconds and held in memory in between: a key that is revoked or rotated ends
/// at once on the node that did it and within five seconds on the others.
/// </summary>
public sealed class AccessKeyDirectory(Database database, ModuleCatalog catalog, TimeProvider time)
{
    /// <summary>For how long a key is believed without asking the database.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    // Not written at each request: a day is exact enough to see that a key is not used any more, a minute to see that it works.
    private static readonly TimeSpan Touch = TimeSpan.FromMinutes(1);

    // Only keys that exist are held, so nobody can fill the memory with made-up ones.
    private readonly ConcurrentDictionary<string, Held> held = new(StringComparer.Ordinal);

    /// <summary>The key of a text, or null where it never was one, was revoked or has expired.</summary>
    public async Task<LiveKey?> FindAsync(string? text, CancellationToken ct)
    {
        if (AccessKeyText.Parse(text) is not { } presented)
        {
            return null;
        }
        var now = time.GetUtcNow();
        var name = Convert.ToHexString(presented.Hash);
        if (!held.TryGetValue(name, out var found) || now - found.ReadAt >= Fresh)
        {
            found = await ReadAsync(presented.Hash, now, ct);
            if (found is null)
            {
                held.TryRemove(name, out _);
                return null;
            }
            held[name] = found;
        }
        if (found.Key.Kind != presented.Kind || found.Key.ExpiresAt <= now)
        {
            return null;
        }
        if (found.ClaimTouch(now - Touch, now))
        {
            await TouchAsync(presented.Hash, now, ct);
        }
        return found.Key;
    }

    /// <summary>The key was changed: it is read anew.</summary>
    internal void Forget(Guid keyId)
    {
        foreach (var (name, _) in held.Where(h => h.Value.Key.KeyId == keyId))
        {
            held.TryRemove(name, out _);
        }
    }

    private Task<Held?> ReadAsync(byte[] hash, DateTimeOffset now, CancellationToken ct) => database.ReadAsync(s => s.FirstAsync("""
        select k.id, k.kind, k.site_id, k.scopes, x.expires_at, x.last_used_at
        from access_key_secrets x join access_keys k on k.id = x.key_id where x.secret_hash = @hash and k.revoked_at is null
        """, new { hash },
        r => new Held(new LiveKey(r.Guid(0), r.Enum<AccessKeyKind>(1), r.GuidOrNull(2), ActorOf(r.Guid(0), r.Text(3)), r.TimeOrNull(4)), now, r.TimeOrNull(5)), ct), ct);

    /// <summary>A scope that no module offers any more gives nothing.</summary>
    private Actor ActorOf(Guid keyId, string scopes)
    {
        var granted = JsonSerializer.Deserialize<string[]>(scopes)!.Select(code => new Permission(code)).Where(catalog.Scopes.ContainsKey).ToHashSet();
        return new Actor(staffId: null, $"key:{keyId}", role: null, granted.Contains);
    }

    private Task TouchAsync(byte[] hash, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(tx => tx.ExecuteAsync(
        "update access_key_secrets set last_used_at = @now where secret_hash = @hash", new { now, hash }, ct), ct);

    private sealed class Held(LiveKey key, DateTimeOffset readAt, DateTimeOffset? usedAt)
    {
        private long used = (usedAt ?? DateTimeOffset.MinValue).UtcTicks;

        public LiveKey Key => key;
        public DateTimeOffset ReadAt => readAt;

        /// <summary>True for one of many requests at the same moment, where the last noted use is that old.</summary>
        public bool ClaimTouch(DateTimeOffset before, DateTimeOffset now)
        {
            var noted = Interlocked.Read(ref used);
            return noted <= before.UtcTicks && Interlocked.CompareExchange(ref used, now.UtcTicks, noted) == noted;
        }
    }
}
