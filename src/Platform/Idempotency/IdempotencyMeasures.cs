using System.Diagnostics.Metrics;
using Wellmet.Platform.Telemetry;

namespace Wellmet.Platform.Idempotency;

/// <summary>Counts requests that came twice.</summary>
public sealed class IdempotencyMeasures(Instruments instruments)
{
    private readonly Counter<long> replays = instruments.Meter.CreateCounter<long>("wellmet.idempotency.replays", "{request}", "Requests that were answered as the first time, and did nothing.");

    internal void Answered(bool replayed)
    {
        if (replayed)
        {
            replays.Add(1);
        }
    }
}
