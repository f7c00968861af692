using System.Security.Cryptography;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Log;

/// <summary>
/// Events that a receiver could not take. A failing event waits here with its reason, and the later ones of the same receiver and subject
/// wait behind it; everything else flows. After the last attempt it is a dead letter, which a person can replay.
/// </summary>
public sealed class Parking(Database database, LogOptions options, TimeProvider time, LogSignal signal)
{
    /// <summary>Dead letters, newest first.</summary>
    public Task<List<DeadLetter>> DeadLettersAsync(int limit, CancellationToken ct) => database.ReadAsync(s => s.QueryAsync("""
        select p.subject_id, p.receiver, p.seq, e.type, p.reason, p.attempts, p.parked_at
        from log_parked p join log_events e on e.subject_id = p.subject_id and e.seq = p.seq
        where p.state = 'dead' order by p.parked_at desc limit @limit
        """, new { limit }, r => new DeadLetter(r.Guid(0), r.Text(1), r.Long(2), r.Text(3), r.TextOrNull(4) ?? "", r.Int(5), r.Time(6)), ct), ct);

    /// <summary>Lets a dead letter try again; answers false where there is none.</summary>
    internal async Task<bool> ReplayAsync(Transaction tx, Guid subjectId, string receiver, long seq, CancellationToken ct)
    {
        var found = await tx.ExecuteAsync("""
            update log_parked set state = 'waiting', attempts = 0, due_at = @now
            where subject_id = @subjectId and receiver = @receiver and seq = @seq and state = 'dead'
            """, new { now = time.GetUtcNow(), subjectId, receiver, seq }, ct);
        tx.AfterCommit(() => signal.Wake());
        return found > 0;
    }

    /// <summary>Of these subjects, those that have something waiting for the receiver.</summary>
    internal static async Task<HashSet<Guid>> BlockedAsync(Session session, string receiver, IEnumerable<Guid> subjects, CancellationToken ct)
    {
        if (await session.CountAsync("select 1 from log_parked where receiver = @receiver and state = 'waiting' limit 1", new { receiver }, ct) == 0)
        {
            return [];
        }
        return [.. await session.QueryAsync(
            "select distinct subject_id from log_parked where receiver = @receiver and state = 'waiting' and subject_id in @subjects",
            new { receiver, subjects = subjects.Distinct() }, r => r.Guid(0), ct)];
    }

    internal Task ParkAsync(Transaction tx, string receiver, Delivery delivery, string? reason, CancellationToken ct) => tx.ExecuteAsync("""
        insert into log_parked (subject_id, receiver, seq, partition, state, attempts, due_at, reason, parked_at)
        values (@SubjectId, @receiver, @Seq, @Partition, 'waiting', @attempts, @due, @reason, @now) on conflict do nothing
        """, new
    {
        delivery.SubjectId, receiver, delivery.Seq, delivery.Partition, reason,
        attempts = reason is null ? 0 : 1,
        due = reason is null ? time.GetUtcNow() : time.GetUtcNow() + Backoff(1),
        now = time.GetUtcNow(),
    }, ct);

    /// <summary>The first waiting event of each subject whose time has come, in partitions that we hold.</summary>
    internal Task<List<Waiting>> DueAsync(string receiver, IReadOnlyCollection<int> partitions, CancellationToken ct) =>
        database.ReadAsync(s => s.QueryAsync("""
            select p.subject_id, p.seq, p.partition, p.attempts from log_parked p
            where p.receiver = @receiver and p.state = 'waiting' and p.due_at <= @now and p.partition in @partitions
              and not exists (select 1 from log_parked q where q.receiver = p.receiver and q.subject_id = p.subject_id
                              and q.state = 'waiting' and q.seq < p.seq)
            order by p.due_at limit 100
            """, new { receiver, now = time.GetUtcNow(), partitions }, r => new Waiting(r.Guid(0), r.Long(1), r.Int(2), r.Int(3)), ct), ct);

    /// <summary>Takes the event out, as it was when it was found due; false where another worker was faster.</summary>
    internal static async Task<bool> TakeAsync(Transaction tx, string receiver, Waiting waiting, CancellationToken ct) => await tx.ExecuteAsync(
        "delete from log_parked where receiver = @receiver and subject_id = @SubjectId and seq = @Seq and attempts = @Attempts and state = 'waiting'",
        new { receiver, waiting.SubjectId, waiting.Seq, waiting.Attempts }, ct) > 0;

    /// <summary>Counts one attempt more, unless another worker has done so.</summary>
    internal Task FailedAsync(string receiver, Waiting waiting, string reason, CancellationToken ct)
    {
        var attempts = waiting.Attempts + 1;
        return database.WriteAsync(tx => tx.ExecuteAsync("""
            update log_parked set attempts = @attempts, reason = @reason, state = @state, due_at = @due
            where receiver = @receiver and subject_id = @SubjectId and seq = @Seq and attempts = @tried
            """, new
        {
            attempts, tried = waiting.Attempts, reason, receiver, waiting.SubjectId, waiting.Seq,
            state = attempts >= options.Attempts ? "dead" : "waiting",
            due = time.GetUtcNow() + Backoff(attempts),
        }, ct), ct);
    }

    /// <summary>Exponential back-off with full jitter, at most an hour.</summary>
    private TimeSpan Backoff(int attempts)
    {
        var longest = Math.Min(options.FirstRetry.TotalMilliseconds * Math.Pow(2, attempts - 1), TimeSpan.FromHours(1).TotalMilliseconds);
        return TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(1, Math.Max(2, (int)longest)));
    }

    internal sealed record Waiting(Guid SubjectId, long Seq, int Partition, int Attempts);
}

/// <summary>An event that a receiver refused for good.</summary>
public sealed record DeadLetter(Guid SubjectId, string Receiver, long Seq, string EventType, string Reason, int Attempts, DateTimeOffset ParkedAt);
