using System.Security.Cryptography;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Vault;

/// <summary>
/// Keys in three layers: the root key wraps the key of an epoch, which wraps each subject's own key. Turning the epoch wraps all of them
/// anew and destroys the old epoch's key, so that copies of a destroyed key in old backups open nothing.
/// </summary>
public sealed class KeyStore(Database database, RootKey root, TimeProvider time) : IAsyncDisposable
{
    private const int KeyLength = 32;
    private readonly SemaphoreSlim opening = new(1, 1);
    private OpenStore? open;

    public Database Database { get; } = database;

    /// <summary>Keys of the subjects that have one; with <paramref name="create"/> the others get one, durable before this returns.</summary>
    public async Task<SubjectKeys> KeysAsync(IEnumerable<Guid> subjects, bool create, CancellationToken ct)
    {
        var wanted = subjects.Distinct().ToList();
        var store = await OpenAsync(ct);
        var keys = await ReadAsync(store, wanted, ct);
        if (create && keys.Count < wanted.Count)
        {
            await CreateAsync(store, wanted.Where(s => !keys.ContainsKey(s)), ct);
            keys = await ReadAsync(store, wanted, ct);
        }
        return new SubjectKeys(keys);
    }

    /// <summary>The key of the search tokens.</summary>
    public async Task<byte[]> SearchKeyAsync(CancellationToken ct) => (await OpenAsync(ct)).SearchKey;

    /// <summary>Destroys the subjects' keys and search tokens: what was sealed under them cannot be read again, in backups too.</summary>
    public Task DestroyAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) => Database.WriteAsync(async tx =>
    {
        foreach (var page in subjects.Chunk(1000))
        {
            await tx.ExecuteAsync("delete from vault_keys where subject_id in @page", new { page }, ct);
            await tx.ExecuteAsync("delete from vault_tokens where subject_id in @page", new { page }, ct);
            await tx.ExecuteAsync("delete from vault_identifiers where subject_id in @page", new { page }, ct);
        }
    }, ct);

    /// <summary>Starts a new epoch; answers its number.</summary>
    public async Task<int> RotateAsync(CancellationToken ct)
    {
        var old = await OpenAsync(ct);
        var next = await Database.WriteAsync(async tx =>
        {
            var key = RandomNumberGenerator.GetBytes(KeyLength);
            var epoch = old.Epoch + 1;
            await InsertEpochAsync(tx, epoch, key, ct);
            var wrapped = await tx.QueryAsync("select subject_id, wrapped_key from vault_keys", null, r => (Subject: r.Guid(0), Key: r.Bytes(1)), ct);
            foreach (var (subject, envelope) in wrapped)
            {
                var plain = Envelope.Open(old.Key, envelope, Context(subject));
                await tx.ExecuteAsync("update vault_keys set epoch = @epoch, wrapped_key = @key where subject_id = @subject",
                    new { epoch, key = Envelope.Seal(key, plain, Context(subject)), subject }, ct);
            }
            await tx.ExecuteAsync("update vault_secrets set epoch = @epoch, wrapped_key = @key where name = 'search'",
                new { epoch, key = Envelope.Seal(key, old.SearchKey, "secret|search") }, ct);
            await tx.ExecuteAsync("delete from vault_epochs where epoch < @epoch", new { epoch }, ct);
            return epoch;
        }, ct);
        open = null;
        return next;
    }

    public async ValueTask DisposeAsync()
    {
        opening.Dispose();
        await Database.DisposeAsync();
    }

    private async Task<OpenStore> OpenAsync(CancellationToken ct)
    {
        if (open is { } ready)
        {
            return ready;
        }
        await opening.WaitAsync(ct);
        try
        {
            return open ??= await Database.WriteAsync(tx => OpenOrCreateAsync(tx, ct), ct);
        }
        catch (CryptographicException e)
        {
            throw new ProblemException("root_key_wrong", "The root key does not open this key store. Put the key back that belongs to it.", 500, e.Message);
        }
        finally
        {
            opening.Release();
        }
    }

    private async Task<OpenStore> OpenOrCreateAsync(Transaction tx, CancellationToken ct)
    {
        if (tx.Engine == Engine.Postgres)
        {
            await tx.ExecuteAsync("lock table vault_epochs in exclusive mode", null, ct);
        }
        var epoch = await tx.FirstAsync("select epoch, wrapped_key from vault_epochs order by epoch desc limit 1", null, r => new { Number = r.Int(0), Key = r.Bytes(1) }, ct);
        if (epoch is null)
        {
            byte[] key = RandomNumberGenerator.GetBytes(KeyLength), search = RandomNumberGenerator.GetBytes(KeyLength);
            await InsertEpochAsync(tx, 1, key, ct);
            await tx.ExecuteAsync("insert into vault_secrets (name, epoch, wrapped_key) values ('search', 1, @key)",
                new { key = Envelope.Seal(key, search, "secret|search") }, ct);
            return new OpenStore(1, key, search);
        }
        var kek = Envelope.Open(root.Bytes, epoch.Key, $"epoch|{epoch.Number}");
        var wrapped = await tx.FirstAsync("select wrapped_key from vault_secrets where name = 'search'", null, r => r.Bytes(0), ct);
        return new OpenStore(epoch.Number, kek, Envelope.Open(kek, wrapped!, "secret|search"));
    }

    private Task InsertEpochAsync(Transaction tx, int epoch, byte[] key, CancellationToken ct) => tx.ExecuteAsync(
        "insert into vault_epochs (epoch, wrapped_key, created_at) values (@epoch, @key, @at)",
        new { epoch, key = Envelope.Seal(root.Bytes, key, $"epoch|{epoch}"), at = time.GetUtcNow() }, ct);

    private async Task<Dictionary<Guid, byte[]>> ReadAsync(OpenStore store, List<Guid> subjects, CancellationToken ct)
    {
        var keys = new Dictionary<Guid, byte[]>(subjects.Count);
        foreach (var page in subjects.Chunk(1000))
        {
            var rows = await Database.ReadAsync(s => s.QueryAsync("select subject_id, wrapped_key from vault_keys where subject_id in @page",
                new { page }, r => (Subject: r.Guid(0), Key: r.Bytes(1)), ct), ct);
            rows.ForEach(r => keys[r.Subject] = Envelope.Open(store.Key, r.Key, Context(r.Subject)));
        }
        return keys;
    }

    private async Task CreateAsync(OpenStore store, IEnumerable<Guid> subjects, CancellationToken ct)
    {
        var insert = new BulkInsert<Guid>("vault_keys",
            new("subject_id", typeof(Guid), s => s),
            new("epoch", typeof(int), _ => store.Epoch),
            new("wrapped_key", typeof(byte[]), s => Envelope.Seal(store.Key, RandomNumberGenerator.GetBytes(KeyLength), Context(s))))
        { OnConflict = "on conflict do nothing" };
        await Database.WriteAsync(tx => insert.RunAsync(tx, [.. subjects], ct), ct);
    }

    private static string Context(Guid subject) => $"subject|{subject:N}";

    private sealed record OpenStore(int Epoch, byte[] Key, byte[] SearchKey);
}
