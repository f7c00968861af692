using System.Security.Cryptography;
using System.Text;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Collection;

/// <summary>
/// Message ids that were accepted, as hashes. An id counts within its source: whoever holds a public key must not be able to use up the ids
/// of the shop's server.
/// </summary>
internal static class SeenMessages
{
    private const int TokenLength = 16;

    private static readonly BulkInsert<Row> Insert = new("customers_messages",
        new("token", typeof(byte[]), m => m.Token),
        new("seen_at", typeof(DateTimeOffset), m => m.SeenAt));

    public static byte[] TokenOf(IncomingEvent e) => SHA256.HashData(Encoding.UTF8.GetBytes($"{e.Source.SourceId:N} {e.MessageId}"))[..TokenLength];

    /// <summary>Of these tokens those that were seen before, as hexadecimal text.</summary>
    public static async Task<HashSet<string>> SeenAsync(Session session, IReadOnlyCollection<byte[]> tokens, CancellationToken ct)
    {
        var seen = new HashSet<string>();
        foreach (var page in tokens.Chunk(1000))
        {
            seen.UnionWith(await session.QueryAsync("select token from customers_messages where token in @page", new { page }, r => Convert.ToHexString(r.Bytes(0)), ct));
        }
        return seen;
    }

    public static Task AddAsync(Transaction tx, IEnumerable<byte[]> tokens, DateTimeOffset now, CancellationToken ct) =>
        Insert.RunAsync(tx, [.. tokens.Select(t => new Row(t, now))], ct);

    private sealed record Row(byte[] Token, DateTimeOffset SeenAt);
}
