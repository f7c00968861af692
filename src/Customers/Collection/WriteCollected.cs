using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Customers.Profiles;
using Wellmet.Customers.Traits;
using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Collection;

/// <summary>
/// Writes a group of events in one transaction: claims and keys first, in the key store, then the message ids, the people, their traits and
/// the events. What fails in between leaves claims and keys that the repetition takes up.
/// </summary>
internal sealed class WriteCollected(Database database, ResolvePeople resolve, RegisterPeople register, SealCollected seal, TimeProvider time)
{
    /// <returns>For each event, whether it is new; false for one that was accepted before.</returns>
    public async Task<IReadOnlyList<bool>> RunAsync(IReadOnlyList<IncomingEvent> events, CancellationToken ct)
    {
        var tokens = events.Select(SeenMessages.TokenOf).ToList();
        var seen = await database.ReadAsync(s => SeenMessages.SeenAsync(s, tokens, ct), ct);
        var isNew = tokens.ConvertAll(t => seen.Add(Convert.ToHexString(t)));
        var fresh = Enumerable.Range(0, events.Count).Where(i => isNew[i]).Select(i => (Event: events[i], Token: tokens[i])).ToList();
        if (fresh.Count == 0)
        {
            return isNew;
        }
        var people = await resolve.RunAsync([.. fresh.Select(f => f.Event.Person), .. Linked(fresh).Select(l => l.Claim)], null, ct);
        var links = Linked(fresh).Select((l, i) => new IdentifiedVisitors.Link(people[fresh.Count + i].SubjectId, people[l.Index].SubjectId, l.At)).ToList();
        var collected = fresh.Select((f, i) => new Collected(f.Event, people[i].SubjectId, f.Token)).ToList();
        var sealedFacts = await seal.RunAsync(collected, ct);
        var seenPeople = people.Select((p, i) => new SeenPerson(p, i < fresh.Count ? fresh[i].Event.OccurredAt : links[i - fresh.Count].At)).ToList();
        var now = time.GetUtcNow();
        await database.WriteAsync(async tx =>
        {
            await SeenMessages.AddAsync(tx, fresh.Select(f => f.Token), now, ct);
            await register.RunAsync(tx, seenPeople, null, ct);
            await sealedFacts.WriteAsync(tx, ct);
            await IdentifiedVisitors.LinkAsync(tx, links, now, ct);
            foreach (var (e, happened) in collected.Zip(sealedFacts.Events).Where(p => p.Second is not null))
            {
                if (e.Event.OccurredAt < now - CollectionLimits.Live)
                {
                    tx.AppendHistory(happened!, null);
                }
                else
                {
                    tx.Append(happened!);
                }
            }
        }, ct);
        return isNew;
    }

    /// <summary>Visitors that an event says are the same person as its user.</summary>
    private static IEnumerable<(int Index, PersonClaim Claim, DateTimeOffset At)> Linked(List<(IncomingEvent Event, byte[] Token)> events) =>
        events.Select((e, i) => (e.Event, Index: i)).Where(e => e.Event.UserId is not null && e.Event.LinkedId is not null)
            .Select(e => (e.Index, new PersonClaim(IdentityKind.AnonymousId, e.Event.LinkedId, new PersonDetails()), e.Event.OccurredAt));
}

/// <summary>An event and the subject that it belongs to.</summary>
internal sealed record Collected(IncomingEvent Event, Guid SubjectId, byte[] Token);
