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
    private readonly WriteCollected write;
    private readonly CollectionMeasures measures;
    private readonly ILogger<CollectionQueue> logger;
    private readonly Channel<Waiting> channel = Channel.CreateUnbounded<Waiting>(new UnboundedChannelOptions { SingleReader = true });
    private long events, bytes, expected;
    private double bytesOfEvent = 1024;

    public CollectionQueue(WriteCollected write, CollectionMeasures measures, ILogger<CollectionQueue> logger)
    {
        (this.write, this.measures, this.logger) = (write, measures, logger);
        measures.Watch(() => Length);
    }

    private bool IsFull => Volatile.Read(ref events) + Volatile.Read(ref expected) >= CollectionLimits.Waiting || Volatile.Read(ref bytes) >= CollectionLimits.WaitingBytes;

    /// <summary>Events that wait or are being written.</summary>
    public long Length => Volatile.Read(ref events);

    /// <summary>Keeps room for a request before its body is read, so that nothing is read and checked only to be refused after all.</summary>
    /// <param name="length">Bytes of the body; null where it does not say.</param>
    /// <returns>Null where there is no room: <see cref="Full"/>.</returns>
    public Place? TryEnter(long? length)
    {
        if (IsFull)
        {
            return null;
        }
        // How many events it holds is not known yet; the earlier ones tell how long one is.
        var count = Math.Clamp((long)((length ?? CollectionLimits.EventBytes) / Volatile.Read(ref bytesOfEvent)), 1, CollectionLimits.EventsPerRequest);
        Interlocked.Add(ref expected, count);
        return new Place(this, count);
    }

    /// <summary>The refusal where the queue is full; it is counted.</summary>
    public ProblemException Full()
    {
        measures.Refused();
        return new("collection_busy", "More events arrive than can be kept. Send these again in a moment.", 429) { RetryAfter = TimeSpan.FromSeconds(1) };
    }

    /// <summary>Returns when the events are durable.</summary>
    /// <returns>For each event whether it is new.</returns>
    /// <exception cref="ProblemException"><c>collection_busy</c> (429): nothing was kept.</exception>
    public async Task<IReadOnlyList<bool>> AddAsync(IReadOnlyList<IncomingEvent> added, int size, Place place, CancellationToken ct)
    {
        place.Dispose();
        if (added.Count == 0)
        {
            return [];
        }
        // A race between two requests loses one of two good estimates.
        Volatile.Write(ref bytesOfEvent, 0.9 * Volatile.Read(ref bytesOfEvent) + 0.1 * size / added.Count);
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
        // What was taken in is written before the process ends: nothing stops these loops but the closed channel.
        stoppingToken.Register(() => channel.Writer.TryComplete());
        var prepared = Channel.CreateBounded<Group>(1);
        return Task.WhenAll(PrepareAllAsync(prepared.Writer), WriteAllAsync(prepared.Reader));
    }

    private async Task PrepareAllAsync(ChannelWriter<Group> prepared)
    {
        while (await channel.Reader.WaitToReadAsync())
        {
            var requests = new List<Waiting>();
            for (var count = 0; count < CollectionLimits.PerCommit && channel.Reader.TryRead(out var next); count += next.Events.Count)
            {
                requests.Add(next);
            }
            // A failure shows when the group is written, where each request has a second chance alone.
            var ready = write.PrepareAsync([.. requests.SelectMany(g => g.Events)], CancellationToken.None);
            await ((Task)ready).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await prepared.WriteAsync(new Group(requests, ready));
        }
        prepared.Complete();
    }

    private async Task WriteAllAsync(ChannelReader<Group> prepared)
    {
        await foreach (var group in prepared.ReadAllAsync())
        {
            await WriteAsync(group);
            group.Requests.ForEach(Leave);
        }
    }

    /// <summary>One request that cannot be written must not take the others with it.</summary>
    private async Task WriteAsync(Group group)
    {
        try
        {
            var prepared = await group.Prepared;
            var started = Stopwatch.GetTimestamp();
            var isNew = await write.WriteAsync(prepared, CancellationToken.None);
            measures.Committed(isNew.Count, Stopwatch.GetElapsedTime(started));
            var at = 0;
            foreach (var waiting in group.Requests)
            {
                waiting.Done.TrySetResult([.. isNew.Skip(at).Take(waiting.Events.Count)]);
                at += waiting.Events.Count;
            }
        }
        catch (Exception e) when (group.Requests.Count > 1 && e is not ProblemException { Status: >= 500 })
        {
            foreach (var waiting in group.Requests)
            {
                await WriteAsync(new Group([waiting], write.PrepareAsync(waiting.Events, CancellationToken.None)));
            }
        }
        catch (Exception e)
        {
            logger.LogWarning(e, "{Count} requests with collected events could not be written", group.Requests.Count);
            group.Requests.ForEach(w => w.Done.TrySetException(e as ProblemException ?? new ProblemException("collection_failed", "The events could not be kept. Send them again in a moment.", 503)));
        }
    }

    private void Leave(Waiting waiting)
    {
        Interlocked.Add(ref events, -waiting.Events.Count);
        Interlocked.Add(ref bytes, -waiting.Size);
    }

    /// <summary>The room of one request, until its events are in the queue or it is given up.</summary>
    internal sealed class Place(CollectionQueue queue, long count) : IDisposable
    {
        private int left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref left, 1) == 0)
            {
                Interlocked.Add(ref queue.expected, -count);
            }
        }
    }

    private sealed record Group(List<Waiting> Requests, Task<PreparedGroup> Prepared);

    private sealed record Waiting(IReadOnlyList<IncomingEvent> Events, int Size)
    {
        public TaskCompletionSource<IReadOnlyList<bool>> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
