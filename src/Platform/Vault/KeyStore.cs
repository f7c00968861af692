using System.Security.Cryptography;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Vault;

/// <summary>
/// Keys in three layers: the root key wraps the key of an epoch, which wraps each subject's own key. Turning the epoch wraps all of them
/// anew and destroys the old epoch's key, so that whoever got hold of that one key opens nothing written since. A copy of the whole key store
/// opens with the root key for as long as it exists: copies are kept for a short time, and the root key apart from them.
/// </summary>
public sealed class KeyStore(Database database, RootKey root, TimeProvider time) : IAsyncDisposable
{
    private const int PageSize = 1000, ReadAttempts = 5;
    private readonly Epochs epochs = new(root, time);
    private readonly SemaphoreSlim opening = new(1, 1);
    private readonly AsyncLocal<Transaction?> together = new();
    private OpenEpochs? open;

    public Database Database { get; } = database;

    /// <summary>
    /// Runs work that claims, makes keys and makes findable, in one transaction of the key store instead of one for each step. The work must not wait for
    /// anybody else who writes to the key store. It is durable at the latest with what is written next to the data: on PostgreSQL both share one write-ahead log,
    /// whose flush takes along what was committed before, and so nothing waits for the disk here; on SQLite the key store is a file of its own.
    /// </summary>
    public async Task<T> TogetherAsync<T>(Func<Task<T>> work, CancellationToken ct)
    {
        // Opened before: the very first time, that is a transaction of its own.
        await OpenAsync(ct);
        return await (Database.Engine == Engine.Postgres ? Database.WriteUnflushedAsync(RunAsync, ct) : Database.WriteAsync(RunAsync, ct));

        Task<T> RunAsync(Transaction tx)
        {
            together.Value = tx;
            return work();
        }
    }

    /// <summary>Reads; inside <see cref="TogetherAsync"/> also what its transaction has written so far.</summary>
    internal Task<T> ReadAsync<T>(Func<Session, Task<T>> read, CancellationToken ct) => together.Value is { } tx ? read(tx) : Database.ReadAsync(read, ct);

    /// <summary>Writes in a transaction of its own, or in that of <see cref="TogetherAsync"/>.</summary>
    internal Task<T> WriteAsync<T>(Func<Transaction, Task<T>> write, CancellationToken ct) => together.Value is { } tx ? write(tx) : Database.WriteAsync(write, ct);

    /// <summary>Keys of the subjects that have one; with <paramref name="create"/> the others get one, durable before this returns.</summary>
    public async Task<SubjectKeys> KeysAsync(IEnumerable<Guid> subjects, bool create, CancellationToken ct)
    {
        var wanted = subjects.Distinct().ToList();
        var keys = await ReadAsync(wanted, ct);
        if (create && keys.Count < wanted.Count)
        {
            await CreateAsync([.. wanted.Where(s => !keys.ContainsKey(s))], keys, ct);
        }
        return new SubjectKeys(keys);
    }

    /// <summary>A key of 32 bytes for one purpose, derived (HKDF, RFC 5869) from a secret that stays when epochs and root key turn.</summary>
    public async Task<byte[]> DeriveAsync(string purpose, CancellationToken ct) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, await SearchKeyAsync(ct), Epochs.KeyLength, info: System.Text.Encoding.UTF8.GetBytes(purpose));

    /// <summary>The key of the search tokens.</summary>
    public async Task<byte[]> SearchKeyAsync(CancellationToken ct) => (await OpenAsync(ct)).SearchKey;

    /// <summary>
    /// Destroys the subjects' keys and search tokens: what was sealed under them cannot be read again, in backups of the data too, once the
    /// backups of the keys that still hold them are gone.
    /// </summary>
    public Task DestroyAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) => Database.WriteAsync(async tx =>
    {
        foreach (var page in subjects.Chunk(PageSize))
        {
            await tx.ExecuteAsync("delete from vault_keys where subject_id in @page", new { page }, ct);
            await tx.ExecuteAsync("delete from vault_tokens where subject_id in @page", new { page }, ct);
            await tx.ExecuteAsync("delete from vault_identifiers where subject_id in @page", new { page }, ct);
        }
    }, ct);

    /// <summary>
    /// Turns the epoch while others read and write; answers its number. Where it is interrupted, both epochs stay readable and the next turn
    /// ends what this one began.
    /// </summary>
    public async Task<int> RotateAsync(CancellationToken ct)
    {
        await OpenAsync(ct);
        var begun = await Database.WriteAsync(tx => epochs.BeginAsync(tx, ct), ct);
        open = begun;
        for (Guid? last = Guid.Empty; last is not null;)
        {
            var after = last.Value;
            last = await Database.WriteAsync(tx => RewrapAsync(tx, after, ct), ct);
        }
        await Database.WriteAsync(tx => Epochs.EndOldAsync(tx, begun.Newest, ct), ct);
        return begun.Newest;
    }

    public async ValueTask DisposeAsync()
    {
        opening.Dispose();
        await Database.DisposeAsync();
    }

    private Task<OpenEpochs> OpenAsync(CancellationToken ct) => open is { } ready ? Task.FromResult(ready) : OpenAnewAsync(null, ct);

    /// <param name="stale">What was found wanting; where somebody else has replaced it meanwhile, theirs is taken.</param>
    private async Task<OpenEpochs> OpenAnewAsync(OpenEpochs? stale, CancellationToken ct)
    {
        await opening.WaitAsync(ct);
        try
        {
            return open is { } newer && newer != stale ? newer : open = await WriteAsync(tx => epochs.OpenAsync(tx, ct), ct);
        }
        catch (CryptographicException e)
        {
            throw RootKey.Wrong(e);
        }
        finally
        {
            opening.Release();
        }
    }

    private async Task<Dictionary<Guid, byte[]>> ReadAsync(List<Guid> subjects, CancellationToken ct)
    {
        var keys = new Dictionary<Guid, byte[]>(subjects.Count);
        foreach (var page in subjects.Chunk(PageSize))
        {
            await ReadPageAsync(page, keys, ct);
        }
        return keys;
    }

    /// <summary>Rows under an epoch that is not known here were wrapped anew by another process; it may do so again before they are read again.</summary>
    private async Task ReadPageAsync(Guid[] page, Dictionary<Guid, byte[]> keys, CancellationToken ct)
    {
        var store = await OpenAsync(ct);
        for (var attempt = 1; ; attempt++)
        {
            var rows = await ReadAsync(s => s.QueryAsync("select subject_id, epoch, wrapped_key from vault_keys where subject_id in @page", new { page }, WrappedKey.Read, ct), ct);
            if (rows.TrueForAll(r => store.Keys.ContainsKey(r.Epoch)))
            {
                rows.ForEach(r => keys[r.Subject] = r.Unwrap(store));
                return;
            }
            if (attempt == ReadAttempts)
            {
                throw new ProblemException("key_store_damaged", "The key store holds keys of an epoch that is not there. Restore it from the latest backup.", 500);
            }
            store = await OpenAnewAsync(store, ct);
        }
    }

    /// <summary>Wrapped under the epoch that is the newest when they become durable: one that was destroyed meanwhile would open nothing.</summary>
    /// <param name="keys">The keys are added here.</param>
    private async Task CreateAsync(IReadOnlyCollection<Guid> subjects, Dictionary<Guid, byte[]> keys, CancellationToken ct)
    {
        var known = await OpenAsync(ct);
        var made = subjects.ToDictionary(s => s, _ => RandomNumberGenerator.GetBytes(Epochs.KeyLength));
        (open, var added) = await WriteAsync(async tx =>
        {
            var store = await epochs.HoldAsync(tx, known, ct);
            var wrapped = made.OrderBy(m => m.Key).Select(m => WrappedKey.Wrap(m.Key, m.Value, store)).ToList();
            return (store, await WrappedKey.Insert("on conflict do nothing").AddedAsync(tx, wrapped, ct));
        }, ct);
        foreach (var key in added)
        {
            keys[key.Subject] = made[key.Subject];
        }
        // Of the others somebody else has just made the keys.
        foreach (var (subject, key) in await ReadAsync([.. subjects.Where(s => !keys.ContainsKey(s))], ct))
        {
            keys[subject] = key;
        }
    }

    /// <summary>Wraps the next keys of older epochs; answers the last of them, null where there is none.</summary>
    private async Task<Guid?> RewrapAsync(Transaction tx, Guid after, CancellationToken ct)
    {
        var store = await epochs.HoldAsync(tx, open!, ct);
        // Locked, so that a key that is destroyed at this moment is not written again.
        var old = await tx.QueryAsync($"""
            select subject_id, epoch, wrapped_key from vault_keys where subject_id > @after and epoch < @newest
            order by subject_id limit @most {tx.Pick("", "for update")}
            """, new { after, newest = store.Newest, most = PageSize }, WrappedKey.Read, ct);
        await WrappedKey.Insert("on conflict (subject_id) do update set epoch = excluded.epoch, wrapped_key = excluded.wrapped_key")
            .RunAsync(tx, [.. old.Select(k => WrappedKey.Wrap(k.Subject, k.Unwrap(store), store))], ct);
        return old.Count > 0 ? old[^1].Subject : null;
    }

    private sealed record WrappedKey(Guid Subject, int Epoch, byte[] Key)
    {
        public static WrappedKey Read(Row row) => new(row.Guid(0), row.Int(1), row.Bytes(2));

        public static WrappedKey Wrap(Guid subject, byte[] key, OpenEpochs store) => new(subject, store.Newest, Envelope.Seal(store.NewestKey, key, Context(subject)));

        public static BulkInsert<WrappedKey> Insert(string onConflict) => new("vault_keys",
            new("subject_id", typeof(Guid), k => k.Subject),
            new("epoch", typeof(int), k => k.Epoch),
            new("wrapped_key", typeof(byte[]), k => k.Key))
        { OnConflict = onConflict };

        public byte[] Unwrap(OpenEpochs store) => Envelope.Open(store.Keys[Epoch], Key, Context(Subject));

        private static string Context(Guid subject) => $"subject|{subject:N}";
    }
}
