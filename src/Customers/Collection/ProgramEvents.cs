using System.Text;
using System.Text.Json;
using Wellmet.Customers.Contract;
using Wellmet.Platform;

namespace Wellmet.Customers.Collection;

/// <summary>See <see cref="ICollectedEvents"/>: a track call that nobody had to send.</summary>
internal sealed class ProgramEvents(WriteCollected write, TimeProvider time) : ICollectedEvents
{
    public async Task<bool> TellAsync(ToldByProgram told, CancellationToken ct)
    {
        var properties = JsonElement.Parse(told.Properties);
        if (Encoding.UTF8.GetByteCount(told.Properties) > CollectionLimits.EventBytes)
        {
            throw new ProblemException("event_too_large", "An event has at most {0} bytes.", 400, CollectionLimits.EventBytes);
        }
        if (properties.GetPropertyCount() > CollectionLimits.Properties)
        {
            throw new ProblemException("too_many_properties", "An event has at most {0} properties.", 400, CollectionLimits.Properties);
        }
        var clear = PropertySplit.Divide(ShopEventDialect.Translate(told.Name, properties), out var personal);
        var source = new CollectionSource(told.SourceId, told.StorefrontId, Trusted: true);
        var happened = EventClock.OccurredAt(told.OccurredAt, null, time.GetUtcNow());
        var call = new IncomingEvent(source, true, CallType.Track, told.MessageId, happened, null, null, null, PropertySplit.Clean(told.Name).Trim(), clear, personal, []) { Known = told.Person };
        return (await write.WriteAsync(await write.PrepareAsync([call], ct), ct))[0];
    }
}
