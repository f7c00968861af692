using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wellmet.Platform;

namespace Wellmet.Customers.Collection;

/// <summary>
/// Events on their way to the disk. Requests that come while a transaction runs share the next one, so that many small requests cost few
/// flushes. The queue is bounded in events and bytes: what does not fit is refused at once and can be sent again.
/// </summary>
internal sealed class CollectionQueue : BackgroundService
{
    /// <summary>Groups under way at once: one is prepared while another is written. More wait for each other, measured on two cores.</summary>
    private const int Lanes = 2;

    private readonly WriteCollected write;
    private readonly CollectionMeasures measures;
    private readonly ILogger<CollectionQueue> logger;
    private readonly Channel<Waiting> channel = Channel.CreateUnbounded<Waiting>();
    private long events, bytes;

    public CollectionQueue(WriteCollected write, CollectionMeasures measures, ILogger<CollectionQueue> logger)
    {
        (this.write, this.measures, this.logger) = (write, measures, logger);
        measures.Watch(() => Length);
    }

    /// <summary>Whether another request would be refused; asked before its body is read.</summary>
    public bool IsFull => Volatile.Read(ref events) >= CollectionLimits.Waiting || Volatile.Read(ref bytes) >= CollectionLimits.WaitingBytes;

    /// <summary>Events that wait or are being written.</summary>
    public long Length => Volatile.Read(ref events);

    /// <summary>The refusal where the queue is full; it is counted.</summary>
    public ProblemException Full()
    {
        measures.Refused();
        return new("collection_busy", "More events arrive than can be kept. Send these again in a moment.", 429) { RetryAfter = TimeSpan.FromSeconds(1) };
    }

    /// <summary>Returns when the events are durable.</summary>
    /// <returns>For each event whether it is new.</returns>
    /// <exception cref="ProblemException"><c>collection_busy</c> (429): nothing was kept.</exception>
    public async Task<IReadOnlyList<bool>> AddAsync(IReadOnlyList<IncomingEvent> added, int size, CancellationToken ct)
    {
        if (added.Count == 0)
        {
            return [];
        }
        if (IsFull)
        {
            throw Full();
        }
        var waiting = new Waiting(added, size);
        Interlocked.Add(ref events, added.Count);
        Interlocked.Add(ref bytes, size);
        if (!channel.Writer.TryWrite(waiting))
        {
            Leave(waiting);
            throw new ProblemException("stopping", "Wellmet is stopping. Send these events again in a moment.", 503);
        }
        return await waiting.Done.Task.WaitAsync(ct);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // What was taken in is written before the process ends: nothing stops the lanes but the closed channel.
        stoppingToken.Register(() => channel.Writer.TryComplete());
        return Task.WhenAll(Enumerable.Range(0, Lanes).Select(_ => RunLaneAsync()));
    }

    /// <summary>Takes what waits as one group, prepares it and writes it, while the other lanes do the same with theirs.</summary>
    private async Task RunLaneAsync()
    {
        while (await channel.Reader.WaitToReadAsync())
        {
            var requests = new List<Waiting>();
            for (var count = 0; count < CollectionLimits.PerCommit && channel.Reader.TryRead(out var next); count += next.Events.Count)
            {
                requests.Add(next);
            }
            if (requests.Count > 0)
            {
                await WriteAsync(requests);
                requests.ForEach(Leave);
            }
        }
    }

    /// <summary>One request that cannot be written must not take the others with it.</summary>
    private async Task WriteAsync(List<Waiting> requests)
    {
        try
        {
            var prepared = await write.PrepareAsync([.. requests.SelectMany(r => r.Events)], CancellationToken.None);
            var started = Stopwatch.GetTimestamp();
            var isNew = await write.WriteAsync(prepared, CancellationToken.None);
            measures.Committed(isNew.Count, Stopwatch.GetElapsedTime(started));
            var at = 0;
            foreach (var waiting in requests)
            {
                waiting.Done.TrySetResult([.. isNew.Skip(at).Take(waiting.Events.Count)]);
                at += waiting.Events.Count;
            }
        }
        catch (Exception e) when (requests.Count > 1 && e is not ProblemException { Status: >= 500 })
        {
            foreach (var waiting in requests)
            {
                await WriteAsync([waiting]);
            }
        }
        catch (Exception e)
        {
            logger.LogWarning(e, "{Count} requests with collected events could not be written", requests.Count);
            requests.ForEach(w => w.Done.TrySetException(e as ProblemException ?? new ProblemException("collection_failed", "The events could not be kept. Send them again in a moment.", 503)));
        }
    }

    private void Leave(Waiting waiting)
    {
        Interlocked.Add(ref events, -waiting.Events.Count);
        Interlocked.Add(ref bytes, -waiting.Size);
    }

    private sealed record Waiting(IReadOnlyList<IncomingEvent> Events, int Size)
    {
        public TaskCompletionSource<IReadOnlyList<bool>> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
