using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Vault;

/// <summary>A value by which exactly one subject is known, already normalised.</summary>
/// <param name="Kind">E.g. <c>email</c>; equal values of two kinds have nothing to do with each other.</param>
public readonly record struct Identifier(string Kind, string Value);

/// <summary>An identifier and the subject that is to own it.</summary>
/// <param name="ImportId">The import that names it; null where none does.</param>
public readonly record struct Claim(Identifier Identifier, Guid SubjectId, Guid? ImportId);

/// <summary>
/// Who owns an identifier, kept as keyed hashes in the key store. The first claim wins, also among several nodes: the token is the primary key.
/// </summary>
public sealed class IdentifierClaims(KeyStore store)
{
    private static readonly BulkInsert<ClaimRow> Insert = new("vault_identifiers",
        new("token", typeof(byte[]), c => c.Token),
        new("subject_id", typeof(Guid), c => c.SubjectId),
        new("import_id", typeof(Guid), c => c.ImportId))
    { OnConflict = "on conflict do nothing" };

    /// <summary>The owners of those identifiers that have one.</summary>
    public async Task<IReadOnlyDictionary<Identifier, Guid>> OwnersAsync(IReadOnlyCollection<Identifier> identifiers, CancellationToken ct)
    {
        var tokens = Tokens(await store.SearchKeyAsync(ct), identifiers);
        var owners = new Dictionary<Identifier, Guid>(tokens.Count);
        foreach (var page in tokens.Keys.Chunk(1000))
        {
            var rows = await store.ReadAsync(s => s.QueryAsync("select token, subject_id from vault_identifiers where token in @page",
                new { page = page.Select(Convert.FromHexString) }, r => (Token: Convert.ToHexString(r.Bytes(0)), Subject: r.Guid(1)), ct), ct);
            rows.ForEach(r => owners[tokens[r.Token]] = r.Subject);
        }
        return owners;
    }

    /// <summary>Claims what nobody owns yet, durably; answers who owns each of the identifiers now.</summary>
    public async Task<IReadOnlyDictionary<Identifier, Guid>> ClaimAsync(IReadOnlyCollection<Claim> claims, CancellationToken ct)
    {
        if (claims.Count == 0)
        {
            return new Dictionary<Identifier, Guid>();
        }
        var key = await store.SearchKeyAsync(ct);
        var claimed = (await store.WriteAsync(tx => Insert.AddedAsync(tx, Rows(key, claims), ct), ct)).ToDictionary(r => r.Identifier, r => r.SubjectId);
        var others = claims.Select(c => c.Identifier).Where(i => !claimed.ContainsKey(i)).ToHashSet();
        return others.Count == 0 ? claimed : claimed.Concat(await OwnersAsync(others, ct)).ToDictionary();
    }

    /// <summary>Leaves the subjects exactly these identifiers, as far as nobody else owns them.</summary>
    public async Task ReplaceAsync(IReadOnlyCollection<Guid> subjects, IReadOnlyCollection<Claim> claims, CancellationToken ct)
    {
        var key = await store.SearchKeyAsync(ct);
        await store.Database.WriteAsync(async tx =>
        {
            await tx.ExecuteAsync("delete from vault_identifiers where subject_id in @subjects", new { subjects }, ct);
            await Insert.RunAsync(tx, Rows(key, claims), ct);
        }, ct);
    }

    /// <summary>Subjects that an import claimed; some may never have got a row.</summary>
    public Task<List<Guid>> ClaimedByImportAsync(Guid importId, int limit, CancellationToken ct) => store.Database.ReadAsync(s => s.QueryAsync(
        "select distinct subject_id from vault_identifiers where import_id = @importId order by subject_id limit @limit", new { importId, limit }, r => r.Guid(0), ct), ct);

    /// <summary>In one order for everybody, so that two who claim the same identifiers do not wait for each other.</summary>
    private static List<ClaimRow> Rows(byte[] key, IEnumerable<Claim> claims) =>
        [.. claims.Select(c => new ClaimRow(Token(key, c.Identifier), c.SubjectId, c.ImportId, c.Identifier)).OrderBy(r => Convert.ToHexString(r.Token), StringComparer.Ordinal)];

    private static Dictionary<string, Identifier> Tokens(byte[] key, IEnumerable<Identifier> identifiers) =>
        identifiers.Distinct().ToDictionary(i => Convert.ToHexString(Token(key, i)));

    private static byte[] Token(byte[] key, Identifier identifier) => SearchTokens.Hash(key, "id:" + identifier.Kind, identifier.Value);

    private sealed record ClaimRow(byte[] Token, Guid SubjectId, Guid? ImportId, Identifier Identifier);
}
