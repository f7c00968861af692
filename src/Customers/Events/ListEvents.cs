using Wellmet.Customers.Collection;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Events;

/// <summary>An event that was collected.</summary>
/// <param name="Id">Its subject and its place in the log.</param>
/// <param name="CustomerId">Whom its subject belongs to now.</param>
/// <param name="Personal">The sealed properties as a JSON object; null where there are none, or the actor may not see them.</param>
public sealed record ListedEvent(
    string Id, Guid SubjectId, Guid CustomerId, CollectedKind Kind, string Name, DateTimeOffset OccurredAt, DateTimeOffset ReceivedAt, bool Live, CollectedFacts Facts, string? Personal);

/// <summary>Lists what shops sent to the collection, newest first. Calls that only say who somebody is (identify, alias) are no events.</summary>
public sealed class ListEvents(Database database, LogTail log, KeyStore store, CurrentActor actor)
{
    private static readonly Type[] Types = [typeof(EventCollected), typeof(ShopEventCollected), typeof(OrderEventCollected)];

    /// <param name="Subject">Only those of the customer whom this subject belongs to.</param>
    /// <param name="Name">The whole name of the event or page.</param>
    /// <param name="From">Received at or after.</param>
    /// <param name="Before">Received before.</param>
    /// <param name="After">The cursor of the page before.</param>
    public sealed record Request(
        Guid? Subject = null, CollectedKind? Kind = null, string? Name = null, DateTimeOffset? From = null, DateTimeOffset? Before = null, string? After = null, int Limit = 50);

    /// <param name="Next">Null at the end. A page of rare events may be short, or empty, and still have a next one.</param>
    public sealed record Page(IReadOnlyList<ListedEvent> Events, string? Next);

    /// <exception cref="ProblemException"><c>cursor_unknown</c>.</exception>
    public async Task<Page> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(CustomersPermissions.ReadEvents);
        var subjects = request.Subject is { } subject ? await SubjectsAsync(subject, ct) : null;
        var page = await log.RunAsync(new(Types, subjects, request.From, request.Before, e => Fits(e, request), request.After, request.Limit), ct);
        var customers = await database.ReadAsync(s => CustomerLinks.CustomersOfAsync(s, [.. page.Entries.Select(e => e.SubjectId)], ct), ct);
        var keys = actor.May(CustomersPermissions.ReadPersonal) ? await store.KeysAsync(page.Entries.Select(e => e.SubjectId).Distinct(), create: false, ct) : null;
        return new Page([.. page.Entries.Select(e => EventOf(e, customers[e.SubjectId], keys))], page.Next);
    }

    private Task<List<Guid>> SubjectsAsync(Guid subject, CancellationToken ct) => database.ReadAsync(async s =>
        await CustomerLinks.SubjectsOfAsync(s, [(await CustomerLinks.CustomersOfAsync(s, [subject], ct))[subject]], ct), ct);

    private static bool Fits(ILogEvent happened, Request request) => Parts(happened) is { } parts
        && (request.Kind is null || parts.Kind == request.Kind) && (request.Name is null || parts.Name == request.Name);

    private static (CollectedKind Kind, string Name, CollectedFacts Facts)? Parts(ILogEvent happened) => happened switch
    {
        EventCollected e => (e.Kind, e.Name, e.Source),
        ShopEventCollected e => (CollectedKind.Track, e.Name, e.Source),
        OrderEventCollected e => (CollectedKind.Track, e.Name, e.Source),
        _ => null,
    };

    private static ListedEvent EventOf(LogEntry entry, Guid customer, SubjectKeys? keys)
    {
        var (kind, name, facts) = Parts(entry.Event)!.Value;
        var personal = facts.Sealed is { } text && keys is not null ? keys.Open(entry.SubjectId, SealCollected.Column, new Sealed<string>(Convert.FromBase64String(text))) : null;
        return new ListedEvent($"{entry.SubjectId:N}-{entry.Seq}", entry.SubjectId, customer, kind, name, entry.Event.OccurredAt, entry.RecordedAt, entry.Live, facts, personal);
    }
}
