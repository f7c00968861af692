using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wellmet.Platform;

namespace Wellmet.Customers.Collection;

/// <summary>
/// Events on their way to the disk. Requests that come while a transaction runs share the next one, so that many small requests cost few
/// flushes. The queue is bounded in events and bytes: what does not fit is refused at once and can be sent again.
/// </summary>
internal sealed class CollectionQueue(WriteCollected write, ILogger<CollectionQueue> logger) : BackgroundService
{
    private readonly Channel<Waiting> channel = Channel.CreateUnbounded<Waiting>(new UnboundedChannelOptions { SingleReader = true });
    private long events, bytes;

    /// <summary>Whether another request would be refused; asked before its body is read.</summary>
    public bool IsFull => Volatile.Read(ref events) >= CollectionLimits.Waiting || Volatile.Read(ref bytes) >= CollectionLimits.WaitingBytes;

    /// <summary>Events that wait or are being written.</summary>
    public long Length => Volatile.Read(ref events);

    public static ProblemException Full() => new("collection_busy", "More events arrive than can be kept. Send these again in a moment.", 429) { RetryAfter = TimeSpan.FromSeconds(1) };

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

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // What was taken in is written before the process ends: nobody stops this loop but the closed channel.
        using var closing = stoppingToken.Register(() => channel.Writer.TryComplete());
        var group = new List<Waiting>();
        while (await channel.Reader.WaitToReadAsync(CancellationToken.None))
        {
            group.Clear();
            for (var count = 0; count < CollectionLimits.PerCommit && channel.Reader.TryRead(out var next); count += next.Events.Count)
            {
                group.Add(next);
            }
            await WriteAsync(group);
            group.ForEach(Leave);
        }
    }

    /// <summary>One request that cannot be written must not take the others with it.</summary>
    private async Task WriteAsync(List<Waiting> group)
    {
        try
        {
            var isNew = await write.RunAsync([.. group.SelectMany(g => g.Events)], CancellationToken.None);
            var at = 0;
            foreach (var waiting in group)
            {
                waiting.Done.TrySetResult([.. isNew.Skip(at).Take(waiting.Events.Count)]);
                at += waiting.Events.Count;
            }
        }
        catch (Exception e) when (group.Count > 1 && e is not ProblemException { Status: >= 500 })
        {
            foreach (var waiting in group.ToList())
            {
                await WriteAsync([waiting]);
            }
        }
        catch (Exception e)
        {
            logger.LogWarning(e, "{Count} requests with collected events could not be written", group.Count);
            group.ForEach(w => w.Done.TrySetException(e as ProblemException ?? new ProblemException("collection_failed", "The events could not be kept. Send them again in a moment.", 503)));
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
