using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wellmet.Customers.Collection;
using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Events;

/// <summary>What is wrong with an event of a key.</summary>
/// <param name="Name">Of the event, as it was sent; empty where there is none.</param>
/// <param name="Problem">Code of the refusal, or of the breach of the specification.</param>
/// <param name="Property">Empty where the problem is with no property.</param>
/// <param name="Refused">False where the event was kept all the same.</param>
internal readonly record struct EventProblem(Guid SourceId, string Name, string Problem, string Property, bool Refused);

/// <summary>
/// Counts what is wrong with events, in memory, and writes the counts down every few seconds: a key that sends nonsense must cost little, and
/// what is lost with the process is only a count. Each key has a bounded number of rows, since anybody can send under a public one.
/// </summary>
public sealed class EventProblems(Database database, TimeProvider time, ILogger<EventProblems> logger) : BackgroundService, IExpiry
{
    private const int MostWaiting = 2000, MostOfKey = 300;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2), Kept = TimeSpan.FromDays(30);
    private readonly ConcurrentDictionary<EventProblem, Seen> waiting = new();

    internal void Count(EventProblem problem, string? messageId)
    {
        if (waiting.Count < MostWaiting)
        {
            waiting.AddOrUpdate(problem, new Seen(1, messageId), (_, seen) => new Seen(seen.Times + 1, messageId));
        }
    }

    /// <summary>Writes down what was counted since the last time.</summary>
    public async Task FlushAsync(CancellationToken ct)
    {
        var taken = waiting.Keys.Select(k => (Problem: k, Seen: waiting.TryRemove(k, out var seen) ? seen : null)).Where(t => t.Seen is not null)
            .OrderBy(t => t.Problem.SourceId).ThenBy(t => t.Problem.Name, StringComparer.Ordinal).ThenBy(t => t.Problem.Problem, StringComparer.Ordinal)
            .ThenBy(t => t.Problem.Property, StringComparer.Ordinal).ToList(); // one order for all nodes: no deadlocks
        if (taken.Count > 0)
        {
            await database.WriteUnflushedAsync(async tx =>
            {
                foreach (var (problem, seen) in taken)
                {
                    await AddAsync(tx, problem, seen!, ct);
                }
            }, ct);
        }
    }

    public Task<int> DeleteExpiredAsync(CancellationToken ct) =>
        database.WriteAsync(tx => tx.ExecuteAsync("delete from customers_event_problems where last_at < @before", new { before = time.GetUtcNow() - Kept }, ct), ct);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryFlushAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            await TryFlushAsync(CancellationToken.None);
        }
    }

    private async Task TryFlushAsync(CancellationToken ct)
    {
        try
        {
            await FlushAsync(ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.LogWarning(e, "Problems of collected events could not be counted");
        }
    }

    private async Task AddAsync(Transaction tx, EventProblem problem, Seen seen, CancellationToken ct)
    {
        var row = new { problem.SourceId, problem.Name, problem.Problem, problem.Property, problem.Refused, seen.Times, seen.MessageId, now = time.GetUtcNow(), MostOfKey };
        var known = await tx.ExecuteAsync("""
            update customers_event_problems set seen = seen + @Times, last_at = @now, message_id = @MessageId, refused = @Refused
            where source_id = @SourceId and name = @Name and problem = @Problem and property = @Property
            """, row, ct);
        if (known == 0)
        {
            await tx.ExecuteAsync("""
                insert into customers_event_problems (source_id, name, problem, property, refused, seen, first_at, last_at, message_id)
                select @SourceId, @Name, @Problem, @Property, @Refused, @Times, @now, @now, @MessageId
                where (select count(*) from customers_event_problems where source_id = @SourceId) < @MostOfKey
                on conflict (source_id, name, problem, property) do update set seen = customers_event_problems.seen + excluded.seen, last_at = excluded.last_at
                """, row, ct);
        }
    }

    private sealed record Seen(long Times, string? MessageId);
}
