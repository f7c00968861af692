using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wellmet.Platform.Modules;
using Wellmet.Platform.Storage;
using Wellmet.Segments.Histories;

namespace Wellmet.Segments.Members;

/// <summary>Judges customers anew whose memberships time alone may have changed.</summary>
public sealed class WakeCustomers(Database database, HistoryStore store, SegmentBook book, JudgeCustomers judge, TimeProvider time)
{
    /// <summary>At most so many in one transaction.</summary>
    private const int Page = 200;

    /// <returns>How many were looked at; fewer than there are where there are many.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var due = await database.ReadAsync(s => s.QueryAsync("select subject_id, due_at from segments_due where due_at <= @now order by due_at limit @Page", new { now, Page }, r => (Customer: r.Guid(0), At: r.Time(1)), ct), ct);
        if (due.Count > 0)
        {
            await database.WriteUnflushedAsync(tx => JudgeAsync(tx, due, now, ct), ct);
        }
        return due.Count;
    }

    /// <summary>The next moment at which somebody is due; null for none.</summary>
    public Task<DateTimeOffset?> NextAsync(CancellationToken ct) => database.ReadAsync(s => s.FirstAsync("select min(due_at) from segments_due", null, r => r.TimeOrNull(0), ct), ct);

    private async Task JudgeAsync(Transaction tx, List<(Guid Customer, DateTimeOffset At)> due, DateTimeOffset now, CancellationToken ct)
    {
        var opened = await book.OpenAsync(tx, ct);
        var customers = due.ConvertAll(d => d.Customer);
        var histories = await store.OpenAsync(tx, customers, whole: true, ct);
        // Under the customers' locks: what was put off meanwhile stays.
        await tx.ExecuteAsync("delete from segments_due where subject_id in @customers and due_at <= @now", new { customers, now }, ct);
        var sets = histories.Values.ToLookup(h => h.CustomerId, h => h.Facts);
        await judge.RunAsync(tx, [.. due.GroupBy(d => histories[d.Customer].CustomerId).Select(d => new JudgedCustomer(d.Key, [.. sets[d.Key]], opened.Segments, ChangeReason.Time, Live: true) { At = d.Min(e => e.At) })], ct);
    }
}

/// <summary>Wakes when the next customer is due.</summary>
public sealed class ClockWorker(IServiceScopeFactory scopes, TimeProvider time, ILogger<ClockWorker> logger) : RepeatedWork("looking at customers who are due", scopes, time, logger)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(5);

    /// <summary>Somebody may become due sooner than it looked before, here or on another node.</summary>
    protected override TimeSpan Pause => TimeSpan.FromMilliseconds(400);

    protected override async Task<TimeSpan> RunOnceAsync(IServiceProvider services, CancellationToken ct)
    {
        var wake = services.GetRequiredService<WakeCustomers>();
        var wait = await wake.RunAsync(ct) > 0 ? Shortest : await wake.NextAsync(ct) - Time.GetUtcNow() ?? Pause;
        return wait < Shortest ? Shortest : wait < Pause ? wait : Pause;
    }
}
