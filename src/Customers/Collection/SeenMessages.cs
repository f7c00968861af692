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
        new("seen_at", typeof(DateTimeOffset), m => m.SeenAt))
    { OnConflict = "on conflict do nothing" };

    public static byte[] TokenOf(IncomingEvent e) => SHA256.HashData(Encoding.UTF8.GetBytes($"{e.Source.SourceId:N} {e.MessageId}"))[..TokenLength];

    /// <summary>For each token whether it is new: neither seen before nor earlier in the list. Who comes with a token that another transaction is adding waits for it.</summary>
    public static async Task<IReadOnlyList<bool>> AddAsync(Transaction tx, IReadOnlyList<byte[]> tokens, DateTimeOffset now, CancellationToken ct)
    {
        var names = tokens.Select(Convert.ToHexString).ToList();
        // In one order for everybody, so that nobody waits for each other.
        var rows = names.Zip(tokens).DistinctBy(t => t.First).OrderBy(t => t.First, StringComparer.Ordinal).Select(t => new Row(t.Second, now)).ToList();
        var added = (await Insert.AddedAsync(tx, rows, ct)).Select(r => Convert.ToHexString(r.Token)).ToHashSet();
        return names.ConvertAll(added.Remove);
    }

    private sealed record Row(byte[] Token, DateTimeOffset SeenAt);
}
