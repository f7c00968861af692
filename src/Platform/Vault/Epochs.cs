using System.Security.Cryptography;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Vault;

/// <summary>The upper layers of a key store, opened: the keys of its epochs and the key of the search tokens.</summary>
/// <param name="Newest">The epoch under which new keys are wrapped.</param>
/// <param name="Keys">Epoch → its key; more than one only while the epoch is being turned.</param>
internal sealed record OpenEpochs(int Newest, IReadOnlyDictionary<int, byte[]> Keys, byte[] SearchKey)
{
    public byte[] NewestKey => Keys[Newest];
}

/// <summary>Reads and writes the upper layers. Several processes may turn the epoch: what is decided by it is decided under a lock.</summary>
internal sealed class Epochs(RootKey root, TimeProvider time)
{
    public const int KeyLength = 32;
    private const string SearchContext = "secret|search";

    /// <summary>Opens what is there; makes the first epoch where nothing is.</summary>
    public async Task<OpenEpochs> OpenAsync(Transaction tx, CancellationToken ct)
    {
        await LockForTurnAsync(tx, ct);
        if (await tx.CountAsync("select count(*) from vault_epochs", null, ct) == 0)
        {
            byte[] key = RandomNumberGenerator.GetBytes(KeyLength), search = RandomNumberGenerator.GetBytes(KeyLength);
            await InsertAsync(tx, 1, key, ct);
            await tx.ExecuteAsync("insert into vault_secrets (name, epoch, wrapped_key) values ('search', 1, @key)",
                new { key = Envelope.Seal(key, search, SearchContext) }, ct);
        }
        return await ReadAsync(tx, ct);
    }

    /// <summary>The epochs as they are for the whole of this transaction, in which none begins or ends.</summary>
    public async Task<OpenEpochs> HoldAsync(Transaction tx, OpenEpochs known, CancellationToken ct)
    {
        var hold = tx.Pick("", "lock table vault_epochs in share mode; ");
        return await tx.CountAsync(hold + "select max(epoch) from vault_epochs", null, ct) == known.Newest ? known : await ReadAsync(tx, ct);
    }

    /// <summary>Begins an epoch; the older ones stay until no key stands under them.</summary>
    public async Task<OpenEpochs> BeginAsync(Transaction tx, CancellationToken ct)
    {
        var old = await OpenAsync(tx, ct);
        var key = RandomNumberGenerator.GetBytes(KeyLength);
        var epoch = old.Newest + 1;
        await InsertAsync(tx, epoch, key, ct);
        await tx.ExecuteAsync("update vault_secrets set epoch = @epoch, wrapped_key = @key where name = 'search'",
            new { epoch, key = Envelope.Seal(key, old.SearchKey, SearchContext) }, ct);
        return old with { Newest = epoch, Keys = new Dictionary<int, byte[]>(old.Keys) { [epoch] = key } };
    }

    /// <summary>Destroys the older epochs under which no key stands any more.</summary>
    public static async Task EndOldAsync(Transaction tx, int newest, CancellationToken ct)
    {
        await LockForTurnAsync(tx, ct);
        await tx.ExecuteAsync("delete from vault_epochs where epoch < @newest and epoch not in (select k.epoch from vault_keys k)", new { newest }, ct);
    }

    /// <exception cref="CryptographicException">Another root key.</exception>
    public static byte[] Open(RootKey root, int epoch, byte[] wrapped) => Envelope.Open(root.Bytes, wrapped, Context(epoch));

    private static async Task LockForTurnAsync(Transaction tx, CancellationToken ct)
    {
        if (tx.Engine == Engine.Postgres)
        {
            await tx.ExecuteAsync("lock table vault_epochs in exclusive mode", null, ct);
        }
    }

    private async Task<OpenEpochs> ReadAsync(Transaction tx, CancellationToken ct)
    {
        var wrapped = await tx.QueryAsync("select epoch, wrapped_key from vault_epochs", null, r => (Number: r.Int(0), Key: r.Bytes(1)), ct);
        var keys = wrapped.ToDictionary(e => e.Number, e => Open(root, e.Number, e.Key));
        var search = await tx.FirstAsync("select epoch, wrapped_key from vault_secrets where name = 'search'", null, r => new { Epoch = r.Int(0), Key = r.Bytes(1) }, ct);
        return new OpenEpochs(keys.Keys.Max(), keys, Envelope.Open(keys[search!.Epoch], search.Key, SearchContext));
    }

    private Task InsertAsync(Transaction tx, int epoch, byte[] key, CancellationToken ct) => tx.ExecuteAsync(
        "insert into vault_epochs (epoch, wrapped_key, created_at) values (@epoch, @key, @at)",
        new { epoch, key = Envelope.Seal(root.Bytes, key, Context(epoch)), at = time.GetUtcNow() }, ct);

    private static string Context(int epoch) => $"epoch|{epoch}";
}
