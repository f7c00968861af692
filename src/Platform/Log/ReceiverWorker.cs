using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Telemetry;

namespace Wellmet.Platform.Log;

/// <summary>How much a receiver was given of what there is for it.</summary>
internal enum Delivered
{
    /// <summary>There is nothing for it.</summary>
    Nothing,

    /// <summary>There may be more.</summary>
    Some,

    /// <summary>All there was.</summary>
    All,
}

/// <summary>Feeds one receiver from the partitions that this node holds.</summary>
internal sealed class ReceiverWorker(ReceiverRegistration registration, LogReader reader, Parking parking, Leases leases, LogRun run)
{
    private readonly Dictionary<int, long> cursors = [];
    private string[]? types;

    /// <summary>What waits for another try is looked for no more often than the first retry comes: not with each wave of events.</summary>
    private DateTimeOffset retryAt;

    /// <summary>The event types that the receiver wants.</summary>
    public IReadOnlyList<Type> Accepts => field ??= WithReceiver(receiver => receiver.Accepts);

    /// <summary>Delivers what is there, up to one batch and the retries that are due.</summary>
    public async Task<Delivered> RunOnceAsync(CancellationToken ct)
    {
        var held = leases.Held;
        if (held.Count == 0)
        {
            return Delivered.Nothing;
        }
        if (run.Time.GetUtcNow() >= retryAt)
        {
            retryAt = run.Time.GetUtcNow() + run.Options.FirstRetry;
            await RetryAsync(held, ct);
        }
        types ??= reader.TypeNames(Accepts);
        await LoadCursorsAsync(held, ct);
        var slices = await reader.ReadAsync(types, held.Keys.ToDictionary(p => p, p => cursors[p]), ct);
        if (slices.Count == 0)
        {
            return Delivered.Nothing;
        }
        try
        {
            await DeliverAsync(slices, held, ct);
        }
        catch (LeaseLostException)
        {
            cursors.Clear();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            run.Logger.LogWarning(e, "{Receiver} refused a batch; it is delivered one by one", registration.Name);
            await DeliverOneByOneAsync(slices, held, ct);
        }
        // After a look that found only what is for others, and all of that, the next one can wait.
        return reader.MayHaveMore(slices) ? Delivered.Some : slices.Exists(s => s.Deliveries.Count > 0) ? Delivered.All : Delivered.Nothing;
    }

    private async Task DeliverAsync(List<LogSlice> slices, IReadOnlyDictionary<int, long> held, CancellationToken ct)
    {
        await reader.Database.WriteUnflushedAsync(async tx =>
        {
            var deliveries = slices.SelectMany(s => s.Deliveries).ToList();
            var blocked = deliveries.Count == 0 ? [] : await Parking.BlockedAsync(tx, registration.Name, deliveries.Select(d => d.SubjectId), ct);
            foreach (var behind in deliveries.Where(d => blocked.Contains(d.SubjectId)))
            {
                await parking.ParkAsync(tx, registration.Name, behind, reason: null, ct);
            }
            var free = blocked.Count == 0 ? deliveries : deliveries.FindAll(d => !blocked.Contains(d.SubjectId));
            if (free.Count > 0)
            {
                await ReceiveAsync(free, tx, ct);
            }
            await MoveCursorsAsync(tx, slices, held, ct);
        }, ct);
        slices.ForEach(s => cursors[s.Partition] = s.To);
    }

    /// <summary>Finds the event that is refused: each one has a transaction of its own, the refused one is parked.</summary>
    private async Task DeliverOneByOneAsync(List<LogSlice> slices, IReadOnlyDictionary<int, long> held, CancellationToken ct)
    {
        foreach (var slice in slices)
        {
            for (var i = 0; i < slice.Deliveries.Count; i++)
            {
                var single = new LogSlice(slice.Partition, cursors[slice.Partition],
                    i == slice.Deliveries.Count - 1 ? slice.To : slice.Deliveries[i].Seq, [slice.Deliveries[i]]);
                try
                {
                    await DeliverAsync([single], held, ct);
                }
                catch (LeaseLostException)
                {
                    cursors.Clear();
                    return;
                }
                catch (Exception e) when (e is not (OperationCanceledException or ProblemException { Status: >= 500 }))
                {
                    await reader.Database.WriteAsync(async tx =>
                    {
                        await parking.ParkAsync(tx, registration.Name, single.Deliveries[0], e.Message, ct);
                        await MoveCursorsAsync(tx, [single], held, ct);
                    }, ct);
                    cursors[slice.Partition] = single.To;
                    run.Logger.LogWarning(e, "{Receiver} parked event {Seq} of partition {Partition}", registration.Name, single.To, slice.Partition);
                }
            }
        }
    }

    private async Task RetryAsync(IReadOnlyDictionary<int, long> held, CancellationToken ct)
    {
        foreach (var waiting in await parking.DueAsync(registration.Name, [.. held.Keys], ct))
        {
            try
            {
                await reader.Database.WriteAsync(async tx =>
                {
                    // First: whoever takes the row away has the event, the other waits here and finds it gone.
                    if (!await Parking.TakeAsync(tx, registration.Name, waiting, ct))
                    {
                        throw new LeaseLostException();
                    }
                    if (await reader.OneAsync(tx, waiting.SubjectId, waiting.Seq, ct) is { } delivery)
                    {
                        await ReceiveAsync([delivery], tx, ct);
                    }
                    await DemandLeaseAsync(tx, held, [waiting.Partition], ct);
                }, ct);
            }
            catch (LeaseLostException)
            {
                return;
            }
            catch (Exception e) when (e is not (OperationCanceledException or ProblemException { Status: >= 500 }))
            {
                await parking.FailedAsync(registration.Name, waiting, e.Message, ct);
            }
        }
    }

    private async Task ReceiveAsync(IReadOnlyList<Delivery> deliveries, Transaction tx, CancellationToken ct)
    {
        if (deliveries.Select(d => d.Event).OfType<UnreadableEvent>().FirstOrDefault() is { } unreadable)
        {
            throw new InvalidDataException($"This version cannot read the event: {unreadable.Reason}");
        }
        using var span = EventTrace.Receive(registration.Name, deliveries.Select(d => d.Trace));
        await using var scope = run.Scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Value = Actor.System;
        var receiver = (IReceiver)scope.ServiceProvider.GetRequiredService(registration.Type);
        await receiver.ReceiveAsync(deliveries, tx, ct);
    }

    /// <summary>The cursor moves only from where we read it, and only while the partitions are ours: a woken sleeper changes nothing.</summary>
    private async Task MoveCursorsAsync(Transaction tx, List<LogSlice> slices, IReadOnlyDictionary<int, long> held, CancellationToken ct)
    {
        var moved = await tx.ExecuteAsync($"""
            with moved (partition, "from", "to") as (values {LogReader.Rows(slices.Select(s => (s.Partition, s.From, s.To)))})
            update log_cursors as c set seq = m."to" from moved m where c.receiver = @Name and c.partition = m.partition and c.seq = m."from"
            """, new { registration.Name }, ct);
        if (moved < slices.Count)
        {
            throw new LeaseLostException();
        }
        await DemandLeaseAsync(tx, held, slices.Select(s => s.Partition), ct);
    }

    private async Task DemandLeaseAsync(Transaction tx, IReadOnlyDictionary<int, long> held, IEnumerable<int> partitions, CancellationToken ct)
    {
        if (!await Leases.StillOursAsync(tx, leases.Node, partitions.Distinct().ToDictionary(p => p, p => held[p]), ct))
        {
            throw new LeaseLostException();
        }
    }

    private async Task LoadCursorsAsync(IReadOnlyDictionary<int, long> held, CancellationToken ct)
    {
        foreach (var gone in cursors.Keys.Except(held.Keys).ToList())
        {
            cursors.Remove(gone);
        }
        var missing = held.Keys.Where(p => !cursors.ContainsKey(p)).ToList();
        if (missing.Count == 0)
        {
            return;
        }
        foreach (var (partition, seq) in await reader.CursorsAsync(registration.Name, missing, ct))
        {
            cursors[partition] = seq;
        }
    }

    private T WithReceiver<T>(Func<IReceiver, T> use)
    {
        using var scope = run.Scopes.CreateScope();
        return use((IReceiver)scope.ServiceProvider.GetRequiredService(registration.Type));
    }

    private sealed class LeaseLostException : Exception;
}
