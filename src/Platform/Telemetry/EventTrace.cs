using System.Diagnostics;

namespace Wellmet.Platform.Telemetry;

/// <summary>
/// Of which request an event is, as it stands in the log beside it: 16 bytes of the trace's id and 8 of the span's (W3C Trace Context). Only where the
/// request is traced: nothing is written, and nothing costs, otherwise.
/// </summary>
public static class EventTrace
{
    private const int TraceLength = 16, Length = 24, MostLinks = 32;

    /// <summary>Of the work that goes on; null where it is not traced.</summary>
    public static byte[]? Current
    {
        get
        {
            if (Activity.Current is not { Recorded: true } span)
            {
                return null;
            }
            var bytes = new byte[Length];
            span.TraceId.CopyTo(bytes.AsSpan(0, TraceLength));
            span.SpanId.CopyTo(bytes.AsSpan(TraceLength));
            return bytes;
        }
    }

    /// <summary>Begins the span of a receiver that works on events, linked to the requests that they came from; null where nobody listens.</summary>
    public static Activity? Receive(string receiver, IEnumerable<byte[]?> traces)
    {
        if (!Instruments.Source.HasListeners())
        {
            return null;
        }
        var links = traces.OfType<byte[]>().Select(ContextOf).Distinct().Take(MostLinks).Select(c => new ActivityLink(c));
        return Instruments.Source.StartActivity($"receive {receiver}", ActivityKind.Consumer, default(ActivityContext), links: links);
    }

    private static ActivityContext ContextOf(byte[] bytes) => new(
        ActivityTraceId.CreateFromBytes(bytes.AsSpan(0, TraceLength)), ActivitySpanId.CreateFromBytes(bytes.AsSpan(TraceLength)), ActivityTraceFlags.Recorded, isRemote: true);
}
