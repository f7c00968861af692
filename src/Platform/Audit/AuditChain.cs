using System.Buffers.Binary;
using System.Security.Cryptography;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Audit;

/// <summary>
/// Seals entries in batches: each seal is HMAC-SHA256(previous seal ‖ number ‖ entry's code), so a change anywhere breaks every later seal.
/// After a batch the newest seal is written to a file outside the database (see <see cref="AuditCheckpoint"/>).
/// </summary>
public sealed class AuditChain(Database database, AuditKey key, AuditCheckpoint checkpoint)
{
    private const int BatchSize = 1000;

    internal static readonly byte[] Beginning = new byte[32];

    /// <summary>
    /// Seals everything that waits; answers how many entries. A log that does not hold what the checkpoint recorded is not sealed further: new
    /// entries would take the numbers of those that were cut off, and the next checkpoint would cover it up.
    /// </summary>
    /// <exception cref="ProblemException"><c>audit_cut_off</c>, <c>audit_checkpoint_changed</c>.</exception>
    public async Task<long> SealAsync(CancellationToken ct)
    {
        long all = 0;
        for (var sealedNow = BatchSize; sealedNow == BatchSize; all += sealedNow)
        {
            var anchor = ReadAnchor();
            (sealedNow, var last) = await database.WriteAsync(tx => SealBatchAsync(tx, anchor, ct), ct);
            if (sealedNow > 0)
            {
                checkpoint.Write(last!);
            }
        }
        return all;
    }

    /// <summary>The newest seal; null where there is none yet.</summary>
    public Task<Seal?> LastAsync(CancellationToken ct) => database.ReadAsync(s => LastAsync(s, ct), ct);

    internal static byte[] Hash(byte[] key, byte[] previous, long seq, byte[] mac)
    {
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(number, seq);
        byte[] link = [.. previous, .. number, .. mac];
        return HMACSHA256.HashData(key, link);
    }

    private async Task<(int Count, Seal? Last)> SealBatchAsync(Transaction tx, Seal? anchor, CancellationToken ct)
    {
        if (tx.Engine == Engine.Postgres)
        {
            await tx.ExecuteAsync("lock table audit_seals in exclusive mode", null, ct);
        }
        await DemandAsync(tx, anchor, ct);
        var waiting = await tx.QueryAsync(
            "select e.id, e.mac from audit_unsealed u join audit_entries e on e.id = u.entry_id order by e.at, e.id limit @most",
            new { most = BatchSize }, r => (Id: r.Guid(0), Mac: r.Bytes(1)), ct);
        if (waiting.Count == 0)
        {
            return (0, null);
        }
        var last = await LastAsync(tx, ct) ?? new Seal(0, Beginning);
        var rows = new List<(long Seq, Guid Entry, byte[] Hash)>(waiting.Count);
        foreach (var (id, mac) in waiting)
        {
            last = new Seal(last.Seq + 1, Hash(key.Bytes, last.Hash, last.Seq + 1, mac));
            rows.Add((last.Seq, id, last.Hash));
        }
        await Insert.RunAsync(tx, rows, ct);
        foreach (var page in waiting.Select(w => w.Id).Chunk(BatchSize))
        {
            await tx.ExecuteAsync("delete from audit_unsealed where entry_id in @page", new { page }, ct);
        }
        return (waiting.Count, last);
    }

    private Seal? ReadAnchor() => checkpoint.TryRead(out var anchor) ? anchor
        : throw new ProblemException("audit_checkpoint_changed", "The audit log is not sealed further: somebody changed its checkpoint file {0}. Verify the log.", 500, checkpoint.File);

    private async Task DemandAsync(Transaction tx, Seal? anchor, CancellationToken ct)
    {
        if (anchor is null)
        {
            return;
        }
        var hash = await tx.FirstAsync("select hash from audit_seals where seq = @Seq", new { anchor.Seq }, r => r.Bytes(0), ct);
        if (hash is null || !CryptographicOperations.FixedTimeEquals(hash, anchor.Hash))
        {
            throw new ProblemException("audit_cut_off",
                "The audit log is not sealed further: seal {0} is not the one that the checkpoint {1} recorded. Verify the log. After restoring an older backup, move the checkpoint away: a new one is begun, and the log says so.",
                500, anchor.Seq, checkpoint.File);
        }
    }

    private static Task<Seal?> LastAsync(Session session, CancellationToken ct) =>
        session.FirstAsync("select seq, hash from audit_seals order by seq desc limit 1", null, r => new Seal(r.Long(0), r.Bytes(1)), ct);

    private static readonly BulkInsert<(long Seq, Guid Entry, byte[] Hash)> Insert = new("audit_seals",
        new("seq", typeof(long), s => s.Seq),
        new("entry_id", typeof(Guid), s => s.Entry),
        new("hash", typeof(byte[]), s => s.Hash));
}

/// <summary>The end of the chain at some moment.</summary>
public sealed record Seal(long Seq, byte[] Hash);
