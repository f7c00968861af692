using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Vault;

/// <summary>
/// Finds subjects by personal data without keeping it in clear: keyed hashes (HMAC-SHA256, 16 bytes) of whole values and of the prefixes of
/// each word, from three characters on (one for Chinese, Japanese and Korean). They live in the key store and go with the subject's key: on SQLite
/// a row for each, in the order of the tokens; on PostgreSQL a row for each subject.
/// </summary>
public sealed class SearchTokens(KeyStore store, PendingTokens pending)
{
    private const int MinPrefix = 3, MaxPrefix = 12, MaxWords = 8, TokenLength = 16;

    private static readonly BulkInsert<TokenRow> Rows = new("vault_tokens",
        new("token", typeof(byte[]), t => t.Token),
        new("subject_id", typeof(Guid), t => t.Subject))
    { OnConflict = "on conflict do nothing" };

    private static readonly BulkInsert<IGrouping<Guid, byte[]>> Subjects = new("vault_tokens",
        new("subject_id", typeof(Guid), t => t.Key),
        new("tokens", typeof(byte[][]), t => t.ToArray()))
    {
        OnConflict = """
            on conflict (subject_id) do update set tokens = vault_tokens.tokens || array(select unnest(excluded.tokens) except select unnest(vault_tokens.tokens))
            where not vault_tokens.tokens @> excluded.tokens
            """,
    };

    /// <summary>How a value is compared: compatibility composition, lower case, single spaces, no accents.</summary>
    public static string Normalise(string value)
    {
        var text = new StringBuilder(value.Length);
        foreach (var rune in Whole(value).Normalize(NormalizationForm.FormKD).ToLowerInvariant().EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.Format or UnicodeCategory.Control))
            {
                text.Append(rune.ToString());
            }
        }
        return string.Join(' ', text.ToString().Normalize(NormalizationForm.FormC).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>Makes the values findable; run before the rows themselves are written, as the keys are.</summary>
    public async Task AddAsync(IReadOnlyCollection<(Guid Subject, string Field, string Value)> values, CancellationToken ct)
    {
        var tokens = TokensOf(await store.SearchKeyAsync(ct), values);
        await store.WriteAsync(tx => InsertAsync(tx, tokens, ct), ct);
    }

    /// <summary>Makes the subjects findable by these values and by nothing else, in one transaction.</summary>
    public async Task ReplaceAsync(IReadOnlyCollection<Guid> subjects, IReadOnlyCollection<(Guid Subject, string Field, string Value)> values, CancellationToken ct)
    {
        var tokens = TokensOf(await store.SearchKeyAsync(ct), values);
        await store.Database.WriteAsync(async tx =>
        {
            await tx.ExecuteAsync("delete from vault_tokens where subject_id in @subjects", new { subjects }, ct);
            await InsertAsync(tx, tokens, ct);
        }, ct);
    }

    private Task<long> InsertAsync(Transaction tx, List<TokenRow> tokens, CancellationToken ct)
    {
        if (tx.Engine == Engine.Sqlite)
        {
            return Rows.RunAsync(tx, tokens, ct);
        }
        tx.AfterCommit(() => pending.Add(tokens.Count));
        return Subjects.RunAsync(tx, [.. tokens.GroupBy(t => t.Subject, t => t.Token).OrderBy(g => g.Key)], ct);
    }

    /// <summary>Whether the query is long enough to look for.</summary>
    public static bool CanFind(string query) => SearchableWords(query).Length > 0;

    /// <summary>Subjects with this very value, or with a word that begins with it (each word of the query must fit).</summary>
    /// <param name="query">At least three characters, or one of Chinese, Japanese or Korean; else nothing is found.</param>
    /// <param name="limit">The oldest subjects are answered; ask for one more than are shown to see whether there are more.</param>
    public async Task<IReadOnlyList<Guid>> FindAsync(string query, int limit, CancellationToken ct)
    {
        var key = await store.SearchKeyAsync(ct);
        var words = SearchableWords(query);
        return words.Length == 0 ? [] : await store.Database.ReadAsync(async session =>
        {
            var tokens = new List<byte[]>();
            foreach (var word in words.Distinct())
            {
                tokens.Add(await TokenOfAsync(session, key, word, ct));
            }
            // By the index of tokens, however few subjects are asked for: how many fit is not known to the database.
            return await session.QueryAsync(session.Pick(
                "select subject_id from vault_tokens where token in @tokens group by subject_id having count(distinct token) = @count order by subject_id limit @limit",
                "with found as materialized (select subject_id from vault_tokens where tokens @> @tokens) select subject_id from found order by subject_id limit @limit"), new { tokens, count = tokens.Count, limit }, r => r.Guid(0), ct);
        }, ct);
    }

    /// <summary>Subjects of whom somebody says these very values of a field; several may share one.</summary>
    /// <returns>By value; who is not found is missing.</returns>
    public async Task<ILookup<string, Guid>> FindExactAsync(string field, IReadOnlyCollection<string> values, CancellationToken ct)
    {
        var key = await store.SearchKeyAsync(ct);
        var wanted = values.Distinct(StringComparer.Ordinal).ToLookup(v => Convert.ToHexString(Hash(key, "exact:" + field, Normalise(v))), v => v);
        var found = new List<(string Value, Guid Subject)>();
        foreach (var page in wanted.Select(w => Convert.FromHexString(w.Key)).Chunk(1000))
        {
            var rows = await store.Database.ReadAsync(s => s.QueryAsync(s.Pick(
                "select token, subject_id from vault_tokens where token in @page",
                "select t.token, v.subject_id from vault_tokens v, unnest(v.tokens) as t(token) where v.tokens && @page and t.token in @page"), new { page }, r => (Convert.ToHexString(r.Bytes(0)), r.Guid(1)), ct), ct);
            found.AddRange(rows.SelectMany(r => wanted[r.Item1].Select(v => (v, r.Item2))));
        }
        return found.Distinct().ToLookup(f => f.Value, f => f.Subject);
    }

    /// <summary>A word longer than every kept prefix is looked for whole first, then by its longest prefix.</summary>
    private static async Task<byte[]> TokenOfAsync(Session session, byte[] key, string word, CancellationToken ct)
    {
        var (whole, prefix) = (Hash(key, "prefix", word), Cut(word, MaxPrefix));
        return prefix == word || await session.CountAsync(session.Pick(
            "select count(*) from (select 1 from vault_tokens where token = @whole limit 1) x", "select count(*) from vault_tokens where tokens @> array[@whole]"), new { whole }, ct) > 0
            ? whole : Hash(key, "prefix", prefix);
    }

    private static List<TokenRow> TokensOf(byte[] key, IEnumerable<(Guid Subject, string Field, string Value)> values)
    {
        // Some thirty hashes a person, under the same key: it is scheduled once.
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        // In the order of the index: a batch touches each of its pages once.
        return [.. values.SelectMany(v => TokensOf(hmac, v.Field, v.Value).Select(t => new TokenRow(t, v.Subject))).DistinctBy(r => r.Key).OrderBy(r => r.Key.Token)];
    }

    private static IEnumerable<byte[]> TokensOf(IncrementalHash hmac, string field, string value)
    {
        var normal = Normalise(value);
        yield return Hash(hmac, "exact:" + field, normal);
        var words = normal.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(MaxWords);
        foreach (var prefix in words.SelectMany(Prefixes).Distinct())
        {
            yield return Hash(hmac, "prefix", prefix);
        }
    }

    /// <summary>Normalisation refuses halves of surrogate pairs, which are replaced as in UTF-8, and non-characters, which are left out.</summary>
    private static string Whole(string value) => string.Concat(value.EnumerateRunes().Where(r => (r.Value & 0xFFFE) != 0xFFFE));

    private static IEnumerable<string> Prefixes(string word)
    {
        var length = word.EnumerateRunes().Count();
        for (var n = ShortestPrefix(word); n <= Math.Min(length, MaxPrefix); n++)
        {
            yield return Cut(word, n);
        }
        if (length > MaxPrefix)
        {
            yield return word;
        }
    }

    private static string[] SearchableWords(string query) =>
        [.. Normalise(query).Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(MaxWords).Where(IsSearchable)];

    private static bool IsSearchable(string word) => word.EnumerateRunes().Count() >= ShortestPrefix(word);

    private static int ShortestPrefix(string word) => Rune.GetRuneAt(word, 0).Value is (>= 0x3040 and <= 0x30FF) or (>= 0x3400 and <= 0x9FFF) or (>= 0xAC00 and <= 0xD7AF) or (>= 0x20000 and <= 0x3FFFF) ? 1 : MinPrefix;

    private static string Cut(string word, int runes) => string.Concat(word.EnumerateRunes().Take(runes).Select(r => r.ToString()));

    internal static byte[] Hash(byte[] key, string purpose, string value)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        return Hash(hmac, purpose, value);
    }

    private static byte[] Hash(IncrementalHash hmac, string purpose, string value)
    {
        hmac.AppendData(Encoding.UTF8.GetBytes(purpose + "\0" + value));
        return hmac.GetHashAndReset()[..TokenLength];
    }

    private sealed record TokenRow(byte[] Token, Guid Subject)
    {
        /// <summary>Told apart and ordered as the index is.</summary>
        public (UInt128 Token, Guid Subject) Key => (BinaryPrimitives.ReadUInt128BigEndian(Token), Subject);
    }
}
