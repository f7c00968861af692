using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Log;

/// <summary>Takes events of the past out of the log again.</summary>
public sealed class LogHistory(Database database)
{
    /// <summary>Head of each partition now; for <see cref="HaveAllSeenAsync"/>.</summary>
    public async Task<IReadOnlyDictionary<int, long>> HeadsAsync(CancellationToken ct) => (await database.ReadAsync(s => s.QueryAsync(
        "select partition, head from log_partitions", null, r => (Partition: r.Int(0), Head: r.Long(1)), ct), ct)).ToDictionary(p => p.Partition, p => p.Head);

    /// <summary>Whether every receiver has seen everything up to these heads. A receiver that never began will find the log as it is then.</summary>
    public async Task<bool> HaveAllSeenAsync(IReadOnlyDictionary<int, long> heads, CancellationToken ct)
    {
        var cursors = await database.ReadAsync(s => s.QueryAsync("select partition, seq from log_cursors", null, r => (Partition: r.Int(0), Seq: r.Long(1)), ct), ct);
        return cursors.TrueForAll(c => c.Seq >= heads[c.Partition]);
    }

    /// <summary>Deletes single events; their receivers have to be told what becomes of them.</summary>
    public static async Task ForgetAsync(Transaction tx, IEnumerable<Delivery> events, CancellationToken ct)
    {
        foreach (var key in events.Select(e => new { e.SubjectId, e.Seq }))
        {
            await tx.ExecuteAsync("delete from log_parked where subject_id = @SubjectId and seq = @Seq", key, ct);
            await tx.ExecuteAsync("delete from log_events where subject_id = @SubjectId and seq = @Seq", key, ct);
        }
    }

    /// <summary>Deletes all events of one type about these subjects; their receivers have to be told.</summary>
    /// <param name="type">Its stable name.</param>
    /// <returns>The subjects that had any.</returns>
    public static async Task<IReadOnlyList<Guid>> ForgetAsync(Transaction tx, IReadOnlyCollection<Guid> subjects, string type, CancellationToken ct)
    {
        await tx.ExecuteAsync("""
            delete from log_parked where subject_id in @subjects
              and exists (select 1 from log_events e where e.subject_id = log_parked.subject_id and e.seq = log_parked.seq and e.type = @type)
            """, new { subjects, type }, ct);
        return [.. (await tx.QueryAsync("delete from log_events where subject_id in @subjects and type = @type returning subject_id", new { subjects, type }, r => r.Guid(0), ct)).Distinct()];
    }

    /// <summary>Deletes at most <paramref name="limit"/> events of an import; answers how many.</summary>
    public static async Task<int> ForgetSomeAsync(Transaction tx, Guid importId, int limit, CancellationToken ct)
    {
        var events = await tx.QueryAsync("select subject_id, seq from log_events where import_id = @importId limit @limit",
            new { importId, limit }, r => (Subject: r.Guid(0), Seq: r.Long(1)), ct);
        var keys = new { subjects = events.Select(e => e.Subject).Distinct(), seqs = events.Select(e => e.Seq).Distinct(), importId };
        await tx.ExecuteAsync("""
            delete from log_parked where subject_id in @subjects and seq in @seqs
              and exists (select 1 from log_events e where e.subject_id = log_parked.subject_id and e.seq = log_parked.seq and e.import_id = @importId)
            """, keys, ct);
        await tx.ExecuteAsync("delete from log_events where subject_id in @subjects and seq in @seqs and import_id = @importId", keys, ct);
        return events.Count;
    }
}
