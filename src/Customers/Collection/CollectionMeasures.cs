using System.Diagnostics.Metrics;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Telemetry;

namespace Wellmet.Customers.Collection;

/// <summary>What the collection measures of itself.</summary>
internal sealed class CollectionMeasures(Instruments instruments)
{
    private static readonly InstrumentAdvice<long> Sizes = new() { HistogramBucketBoundaries = [1, 5, 10, 50, 100, 250, 500, 1000, 2000] };
    private static readonly InstrumentAdvice<double> Times = new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] };

    private readonly Counter<long> events = instruments.Meter.CreateCounter<long>("wellmet.collection.events", "{event}", "Events that were answered for, by what became of them.");
    private readonly Counter<long> refused = instruments.Meter.CreateCounter<long>("wellmet.collection.requests.refused", "{request}", "Requests that were refused because more came than can be kept.");
    private readonly Histogram<long> size = instruments.Meter.CreateHistogram("wellmet.collection.commit.size", "{event}", "Events of one transaction.", advice: Sizes);
    private readonly Histogram<double> duration = instruments.Meter.CreateHistogram("wellmet.collection.commit.duration", "s", "How long a transaction of collected events takes.", advice: Times);

    public void Watch(Func<long> queue) => instruments.Meter.CreateObservableGauge("wellmet.collection.queue", queue, "{event}", "Events that wait for their transaction, or are in it.");

    public void Answered(IReadOnlyList<EventOutcome> outcomes)
    {
        if (events.Enabled)
        {
            foreach (var group in outcomes.GroupBy(o => o.Status))
            {
                events.Add(group.Count(), KeyValuePair.Create<string, object?>("outcome", EnumText.Of(group.Key)));
            }
        }
    }

    public void Refused() => refused.Add(1);

    public void Committed(int count, TimeSpan took)
    {
        size.Record(count);
        duration.Record(took.TotalSeconds);
    }
}
