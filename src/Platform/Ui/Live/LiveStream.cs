using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Wellmet.Platform.Access;

namespace Wellmet.Platform.Ui.Live;

/// <summary>
/// <c>GET /console/stream?topic=…&amp;since=…</c>: the one server-sent event stream of a page. Events: <c>changed</c> (data: the topic) and
/// <c>beat</c> (data: the <see cref="LiveTopics.Moment"/> from which to go on after a lost connection).
/// It ends after ten minutes, so that a revoked session ends too; the browser comes back by itself.
/// </summary>
internal sealed class LiveStream(LiveTopics live, TimeProvider time, IHostApplicationLifetime lifetime)
{
    public const int MaximumTopics = 100;
    private const int MaximumLength = 100;
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public static IResult Open(string[] topic, string? since, HttpContext http, CurrentActor actor, LiveStream stream)
    {
        if (actor.Value.StaffId is null)
        {
            return Results.Unauthorized();
        }
        if (topic.Length is 0 or > MaximumTopics || topic.Any(t => t.Length is 0 or > MaximumLength) || since is { Length: > MaximumLength })
        {
            throw new ProblemException("topics_out_of_range", "A page follows 1 to {0} topics.", 400, MaximumTopics);
        }
        // Proxies that collect an answer before they pass it on would hold the events back.
        http.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(stream.EventsAsync(topic.ToHashSet(StringComparer.Ordinal), since, http.RequestAborted));
    }

    public async IAsyncEnumerable<SseItem<string>> EventsAsync(IReadOnlyCollection<string> topics, string? since, [EnumeratorCancellation] CancellationToken cancel)
    {
        // Read before whatever is told after it, so that nothing falls in between.
        var moment = live.Moment;
        using var subscription = live.Subscribe(topics, since);
        using var expiry = new CancellationTokenSource(Longest, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(expiry.Token, lifetime.ApplicationStopping, cancel);
        foreach (var topic in subscription.Take())
        {
            yield return new SseItem<string>(topic, "changed");
        }
        yield return new SseItem<string>(moment, "beat");
        moment = live.Moment;
        while (await ChangedAsync(subscription, end.Token) is { } changed)
        {
            if (!changed)
            {
                yield return new SseItem<string>(moment, "beat");
                moment = live.Moment;
                continue;
            }
            foreach (var topic in subscription.Take())
            {
                yield return new SseItem<string>(topic, "changed");
            }
            await Task.Delay(Window, time, end.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }

    /// <returns>True for a change, false for a heartbeat, null when the stream ends.</returns>
    private async Task<bool?> ChangedAsync(LiveSubscription subscription, CancellationToken end)
    {
        try
        {
            return await subscription.WaitAsync(Heartbeat, time, end);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
