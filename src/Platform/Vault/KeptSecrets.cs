namespace Wellmet.Platform.Vault;

/// <summary>
/// Secrets that must be said again, such as those with which messages of others are checked or own messages signed: sealed under a key of whoever owns them, a connection or an
/// endpoint. What only has to be recognised is kept as a hash instead (see <c>AccessKeyStore</c>). They are nobody's personal data.
/// </summary>
public sealed class KeptSecrets(KeyStore store)
{
    /// <param name="column">Where it will stand, e.g. <c>commerce_connections.secret</c>; moved to another place it does not open.</param>
    public async Task<Sealed<string>> SealAsync(Guid owner, string column, string secret, CancellationToken ct) =>
        (await store.KeysAsync([owner], create: true, ct)).Seal(owner, column, secret);

    /// <summary>Null where there is none, or its owner was removed.</summary>
    public async Task<string?> OpenAsync(Guid owner, string column, Sealed<string>? kept, CancellationToken ct) =>
        kept is null ? null : (await store.KeysAsync([owner], create: false, ct)).Open(owner, column, kept);

    /// <summary>Once the owner is gone: nothing that was sealed for it opens again.</summary>
    public Task DestroyAsync(Guid owner, CancellationToken ct) => store.DestroyAsync([owner], ct);
}
