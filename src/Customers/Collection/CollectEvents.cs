using System.Text.Json;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Events;
using Wellmet.Customers.Schema;
using Wellmet.Platform;
using Wellmet.Platform.Access;

namespace Wellmet.Customers.Collection;

/// <summary>Takes a call of the Segment specification. Answers when its events are durable, not before.</summary>
internal sealed class CollectEvents(CallReader reader, JudgeTraits traits, CollectionQueue queue, EventWatch watch, CollectionMeasures measures, CurrentActor actor)
{
    /// <param name="Type">The call that the address names (<c>track</c>…); null for a batch.</param>
    /// <param name="Size">Bytes of the request.</param>
    /// <param name="Place">Its room in the queue.</param>
    public sealed record Request(CollectionSource Source, string? Type, JsonElement Call, int Size, CollectionQueue.Place Place);

    /// <returns>One outcome for each event, in their order.</returns>
    /// <exception cref="ProblemException"><c>batch_missing</c>, <c>batch_too_long</c>, <c>collection_busy</c> (429).</exception>
    public async Task<IReadOnlyList<EventOutcome>> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(AccessPermissions.WriteEvents);
        var read = new List<(IncomingEvent? Event, EventOutcome? Refused)>();
        foreach (var (call, refused) in await reader.ReadAsync(request.Source, request.Type, request.Call, ct))
        {
            read.Add((call is null ? null : await traits.RunAsync(call, ct), refused));
        }
        var accepted = read.Select(r => r.Event).OfType<IncomingEvent>().ToList();
        var isNew = await queue.AddAsync(accepted, request.Size, request.Place, ct);
        var next = 0;
        IReadOnlyList<EventOutcome> outcomes = [.. read.Select(r => r.Refused ?? new EventOutcome(r.Event!.MessageId, isNew[next++] ? CollectionStatus.Accepted : CollectionStatus.Duplicate))];
        watch.Add(request.Source, request.Type, request.Type is null ? [.. request.Call.GetProperty("batch").EnumerateArray()] : [request.Call], [.. read.Select(r => r.Event)], outcomes);
        measures.Answered(outcomes);
        return outcomes;
    }
}
