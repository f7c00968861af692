using Wellmet.Platform.Storage;
using Wellmet.Segments.Contract;
using Wellmet.Segments.Histories;
using Wellmet.Segments.Rules;

namespace Wellmet.Segments.Members;

/// <summary>Why a membership began or ended.</summary>
public enum ChangeReason
{
    /// <summary>Something happened.</summary>
    Fact,

    /// <summary>A window opened or closed.</summary>
    Time,

    /// <summary>Customers were found to be one, or not to be.</summary>
    Merge,

    /// <summary>The segment's rule was changed.</summary>
    Rule,

    /// <summary>Somebody put them on the list, or took them off it.</summary>
    List,
}

/// <summary>A customer whose memberships are to be looked at.</summary>
/// <param name="Histories">Of all their subjects.</param>
/// <param name="Segments">Those whose answer may have changed.</param>
/// <param name="Live">False where only the past was told: it changes memberships, but fires nothing.</param>
public sealed record JudgedCustomer(Guid CustomerId, IReadOnlyList<byte[]> Histories, IReadOnlyCollection<LiveSegment> Segments, ChangeReason Why, bool Live)
{
    /// <summary>When it is said to have changed; null for now.</summary>
    public DateTimeOffset? At { get; init; }
}

/// <summary>Asks the segments about customers, writes who came and who left, tells it, and notes when time alone may change it again. The customers' locks are held.</summary>
public sealed class JudgeCustomers(TimeProvider time)
{
    internal static readonly BulkInsert<Membership> Members = new("segments_members", Membership.Columns) { OnConflict = "on conflict (subject_id, segment_id) do nothing" };

    private static readonly BulkInsert<(Membership Of, DateTimeOffset LeftAt, ChangeReason Why)> Stays = new("segments_stays",
        new("subject_id", typeof(Guid), s => s.Of.CustomerId),
        new("segment_id", typeof(Guid), s => s.Of.SegmentId),
        new("entered_at", typeof(DateTimeOffset), s => s.Of.EnteredAt),
        new("left_at", typeof(DateTimeOffset), s => s.LeftAt),
        new("why", typeof(ChangeReason), s => s.Why))
    {
        OnConflict = "on conflict (subject_id, segment_id, entered_at) do nothing",
    };

    internal static readonly BulkInsert<(Guid CustomerId, DateTimeOffset At)> Due = new("segments_due", new("subject_id", typeof(Guid), d => d.CustomerId), new("due_at", typeof(DateTimeOffset), d => d.At))
    {
        OnConflict = "on conflict (subject_id) do update set due_at = excluded.due_at where excluded.due_at < segments_due.due_at",
    };

    public async Task RunAsync(Transaction tx, IReadOnlyCollection<JudgedCustomer> judged, CancellationToken ct)
    {
        var asked = judged.Where(j => j.Segments.Count > 0).OrderBy(j => j.CustomerId).ToList();
        if (asked.Count == 0)
        {
            return;
        }
        var standing = (await tx.QueryAsync("select subject_id, segment_id, entered_at from segments_members where subject_id in @customers", new { customers = asked.Select(j => j.CustomerId) },
            r => new Membership(r.Guid(0), r.Guid(1), r.Time(2)), ct)).ToDictionary(m => (m.CustomerId, m.SegmentId));
        var parted = await PartedAsync(tx, [.. asked.Where(j => j.Why == ChangeReason.Merge).Select(j => j.CustomerId)], ct);
        var now = time.GetUtcNow();
        var moment = new Moment { Now = Fact.Milliseconds(now) };
        var (entered, left, due) = (new List<Membership>(), new List<(Membership Of, DateTimeOffset LeftAt, ChangeReason Why)>(), new List<(Guid, DateTimeOffset)>());
        foreach (var customer in asked)
        {
            moment.Histories = customer.Histories;
            var next = Verdict.Never;
            foreach (var segment in customer.Segments)
            {
                var verdict = segment.Rule.Ask(moment);
                next = Math.Min(next, verdict.ChangesAt);
                var was = standing.GetValueOrDefault((customer.CustomerId, segment.SegmentId));
                if (verdict.Holds && was is null && parted.TryGetValue((customer.CustomerId, segment.SegmentId), out var since))
                {
                    entered.Add(new Membership(customer.CustomerId, segment.SegmentId, since));
                }
                else if (verdict.Holds && was is null)
                {
                    entered.Add(new Membership(customer.CustomerId, segment.SegmentId, customer.At ?? now));
                    Tell(tx, customer, new SegmentEntered(customer.CustomerId, customer.At ?? now, segment.SegmentId, segment.Name, EnumText.Of(customer.Why)));
                }
                else if (!verdict.Holds && was is not null)
                {
                    left.Add((was, customer.At ?? now, customer.Why));
                    Tell(tx, customer, new SegmentLeft(customer.CustomerId, customer.At ?? now, segment.SegmentId, segment.Name, EnumText.Of(customer.Why)));
                }
            }
            if (next is not (Verdict.Never or long.MinValue))
            {
                due.Add((customer.CustomerId, Fact.Time(next)));
            }
        }
        await Members.RunAsync(tx, entered, ct);
        await tx.ExecuteAsync("delete from segments_stays where why = 'merge' and subject_id in @customers and exists (select 1 from segments_members m where m.subject_id = segments_stays.subject_id and m.segment_id = segments_stays.segment_id and m.entered_at = segments_stays.entered_at)",
            new { customers = parted.Keys.Select(p => p.CustomerId).Distinct() }, ct);
        await LeaveAsync(tx, left, ct);
        await Due.RunAsync(tx, due, ct);
    }

    /// <summary>Memberships that ended because the customer was merged into another: where the two are parted again, they go on as if they had never ended.</summary>
    private static async Task<Dictionary<(Guid CustomerId, Guid SegmentId), DateTimeOffset>> PartedAsync(Transaction tx, IReadOnlyCollection<Guid> customers, CancellationToken ct) => customers.Count == 0 ? [] :
        (await tx.QueryAsync("select subject_id, segment_id, max(entered_at) from segments_stays where subject_id in @customers and why = 'merge' group by subject_id, segment_id", new { customers },
            r => (r.Guid(0), r.Guid(1), r.Time(2)), ct)).ToDictionary(r => (r.Item1, r.Item2), r => r.Item3);

    /// <summary>Ends memberships and keeps from when until when they lasted.</summary>
    internal static async Task LeaveAsync(Transaction tx, List<(Membership Of, DateTimeOffset LeftAt, ChangeReason Why)> left, CancellationToken ct)
    {
        await Stays.RunAsync(tx, left, ct);
        foreach (var segment in left.GroupBy(l => l.Of.SegmentId))
        {
            foreach (var customers in segment.Select(l => l.Of.CustomerId).Chunk(5_000))
            {
                await tx.ExecuteAsync("delete from segments_members where segment_id = @Key and subject_id in @customers", new { segment.Key, customers }, ct);
            }
        }
    }

    private static void Tell(Transaction tx, JudgedCustomer customer, Platform.Log.ILogEvent told)
    {
        if (customer.Live)
        {
            tx.Append(told);
        }
        else
        {
            tx.AppendHistory(told, null);
        }
    }
}

/// <summary>A row of segments_members.</summary>
public sealed record Membership(Guid CustomerId, Guid SegmentId, DateTimeOffset EnteredAt)
{
    internal static Column<Membership>[] Columns =>
    [
        new("subject_id", typeof(Guid), m => m.CustomerId),
        new("segment_id", typeof(Guid), m => m.SegmentId),
        new("entered_at", typeof(DateTimeOffset), m => m.EnteredAt),
    ];
}
