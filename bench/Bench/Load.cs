using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace Wellmet.Bench;

/// <summary>
/// Requests that come at their times whether or not earlier ones were answered, so that waiting shows (no coordinated omission); a request that is late
/// because this machine was busy counts its waiting from the time at which it was due.
/// </summary>
internal sealed class Load
{
    /// <summary>More open requests than this mean that the client itself is the bottleneck: they count as refused by it, and are reported.</summary>
    private const int MostOpen = 400;

    private readonly ConcurrentBag<double> waits = [];
    private int accepted, refused, failed;
    private TimeSpan settled;

    public int Refused => refused;
    public int Failed => failed;

    /// <summary>Requests per second.</summary>
    public double AcceptedPerSecond { get; private set; }

    /// <param name="send">Sends the request of this number; answers its status.</param>
    /// <param name="perSecond">Requests per second.</param>
    /// <param name="settling">Seconds before <paramref name="seconds"/> whose waiting times do not count: what came before, at another rate, still has its aftermath then.</param>
    public static async Task<Load> RunAsync(Func<int, Task<HttpStatusCode>> send, double perSecond, int settling, int seconds, CancellationToken ct)
    {
        var load = new Load { settled = TimeSpan.FromSeconds(settling) };
        var count = Math.Max(1, (int)(perSecond * (settling + seconds)));
        var open = new ConcurrentDictionary<int, Task>();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            var due = TimeSpan.FromSeconds(i / perSecond);
            if (due - Stopwatch.GetElapsedTime(started) is { TotalMilliseconds: > 1 } early)
            {
                await Task.Delay(early, ct);
            }
            while (open.Count >= MostOpen)
            {
                await Task.Delay(1, ct);
            }
            var number = i;
            open[number] = Task.Run(async () =>
            {
                await load.SendAsync(send, number, started, due);
                open.TryRemove(number, out _);
            }, ct);
        }
        await Task.WhenAll(open.Values);
        load.AcceptedPerSecond = load.accepted / Stopwatch.GetElapsedTime(started).TotalSeconds;
        return load;
    }

    /// <summary>Of the accepted requests after settling, in milliseconds.</summary>
    public double Percentile(double share)
    {
        var sorted = waits.Order().ToList();
        return sorted.Count == 0 ? 0 : sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))];
    }

    private async Task SendAsync(Func<int, Task<HttpStatusCode>> send, int number, long started, TimeSpan due)
    {
        HttpStatusCode status;
        try
        {
            status = await send(number);
        }
        catch (HttpRequestException)
        {
            status = 0;
        }
        if (status == HttpStatusCode.OK)
        {
            Interlocked.Increment(ref accepted);
            if (due >= settled)
            {
                waits.Add((Stopwatch.GetElapsedTime(started) - due).TotalMilliseconds);
            }
        }
        else if (status == HttpStatusCode.TooManyRequests)
        {
            Interlocked.Increment(ref refused);
        }
        else
        {
            Interlocked.Increment(ref failed);
        }
    }
}
