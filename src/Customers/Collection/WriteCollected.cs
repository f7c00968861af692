using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Customers.Joining;
using Wellmet.Customers.Profiles;
using Wellmet.Customers.Traits;
using Wellmet.Platform;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Collection;

/// <summary>
/// Writes a group of events in two steps, so that one group is prepared while the one before is written: claims, keys and search tokens in one
/// transaction of the key store, then the message ids, the people, their traits and the events in one of the database. What fails in between
/// leaves claims and keys that the repetition takes up.
/// </summary>
internal sealed class WriteCollected(Database database, PrepareCollected prepare, KeepMeasurable measurable, RegisterPeople register, WriteTraits traits, TimeProvider time)
{
    /// <summary>Finds the subjects and seals, lets go of what measures those who object to it, and asks of whom traits may be told.</summary>
    public async Task<PreparedGroup> PrepareAsync(IReadOnlyList<IncomingEvent> events, CancellationToken ct)
    {
        var group = await measurable.RunAsync(await prepare.RunAsync(events, ct), ct);
        var allowed = await traits.AskAsync(group.Sealed.Said.Select(s => s.Said), ct);
        var refusing = group.Events.Where(e => e.Event.Refused.Contains(Purpose.Personalisation)).Select(e => e.SubjectId).ToHashSet();
        return group with { MayTell = refusing.Count == 0 ? allowed : allowed.Except(refusing).ToHashSet() };
    }

    /// <returns>For each event, whether it is new; false for one that was accepted before.</returns>
    public Task<IReadOnlyList<bool>> WriteAsync(PreparedGroup group, CancellationToken ct) => database.WriteAsync(async tx =>
    {
        var now = time.GetUtcNow();
        var isNew = await SeenMessages.AddAsync(tx, [.. group.Events.Select(e => e.Token)], now, ct);
        if (!isNew.Contains(true))
        {
            return isNew;
        }
        // Who was erased while the group was made ready stays so.
        var erased = await register.RunAsync(tx, [.. group.People.Where(p => isNew[p.Index]).Select(p => p.Seen)], null, ct);
        await group.Sealed.WriteAsync(tx, i => isNew[i], erased, ct);
        await traits.RunAsync(tx, new PreparedTraits([.. group.Sealed.Said.Where(s => isNew[s.Index] && !erased.Contains(s.Said.SubjectId)).Select(s => s.Said)], group.Sealed.Keys, group.MayTell), ct);
        await JoinSubjects.RunAsync(tx, [.. group.Evidence.Where(e => isNew[e.Index] && !erased.Contains(e.Evidence.SubjectId) && !erased.Contains(e.Evidence.UserId)).Select(e => e.Evidence)], group.Rules, now, ct);
        foreach (var signal in PrivacySignals.Of(group.Events.Where((_, i) => isNew[i])))
        {
            tx.Append(signal);
        }
        foreach (var (collected, happened) in group.Events.Zip(group.Sealed.Events).Where((e, i) => isNew[i] && e.Second is not null))
        {
            if (collected.Event.OccurredAt < now - CollectionLimits.Live)
            {
                tx.AppendHistory(happened!, null, collected.Event.Trace);
            }
            else
            {
                tx.Append(happened!, collected.Event.Trace);
            }
        }
        return isNew;
    }, ct);
}

/// <summary>Finds the subjects of a group of events, and seals what is personal, in one transaction of the key store.</summary>
internal sealed class PrepareCollected(KeyStore store, ResolvePeople resolve, SealCollected seal, CurrentJoinRules rules)
{
    public async Task<PreparedGroup> RunAsync(IReadOnlyList<IncomingEvent> events, CancellationToken ct)
    {
        var book = await rules.ReadAsync(ct);
        return await store.TogetherAsync(() => PrepareAsync(events, book, ct), ct);
    }

    private async Task<PreparedGroup> PrepareAsync(IReadOnlyList<IncomingEvent> events, JoinBook book, CancellationToken ct)
    {
        var linked = events.SelectMany(LinkedWith).ToList();
        var people = await resolve.RunAsync([.. events.Select(e => e.Person), .. linked.Select(l => l.Claim)], null, ct);
        var collected = events.Select((e, i) => new Collected(e, people[i].SubjectId, SeenMessages.TokenOf(e))).ToList();
        var indexes = Enumerable.Range(0, events.Count).Concat(linked.Select(l => l.Index)).ToList();
        var @sealed = await seal.RunAsync(collected, book, ct);
        return new PreparedGroup(
            collected,
            [.. people.Zip(indexes, (person, index) => (index, new SeenPerson(person, events[index].OccurredAt)))],
            [.. linked.Select((l, i) => (l.Index, collected[l.Index].Proves(people[events.Count + i].SubjectId, l.Kind))), .. @sealed.Evidence],
            book.Rules, @sealed);
    }

    /// <summary>What an account's event says is the account's, too.</summary>
    private static IEnumerable<(int Index, string Kind, PersonClaim Claim)> LinkedWith(IncomingEvent e, int index)
    {
        if (e.UserId is not null && e.LinkedId is not null)
        {
            yield return (index, JoinRules.Browser, new PersonClaim(IdentityKind.AnonymousId, e.LinkedId, new PersonDetails()));
        }
        foreach (var (kind, value) in e.Numbers)
        {
            yield return (index, kind, new PersonClaim(IdentityKind.Custom, value, new PersonDetails()));
        }
    }
}

/// <summary>An event and the subject that it belongs to.</summary>
/// <param name="Token">Its message id and source, as a hash.</param>
internal sealed record Collected(IncomingEvent Event, Guid SubjectId, byte[] Token)
{
    /// <summary>That another subject is this one's, as the event says.</summary>
    public Evidence Proves(Guid subject, string kind) => new(subject, SubjectId, kind, Event.OccurredAt, Convert.ToHexString(Token), Event.Source.SourceId);
}

/// <summary>A group of events that is ready to be written.</summary>
/// <param name="People">Who is named, and the index of the event that names them.</param>
/// <param name="Evidence">What belongs to accounts, and the index of the event that says so.</param>
internal sealed record PreparedGroup(
    IReadOnlyList<Collected> Events, IReadOnlyList<(int Index, SeenPerson Seen)> People, IReadOnlyList<(int Index, Evidence Evidence)> Evidence, JoinRules Rules, SealedGroup Sealed)
{
    /// <summary>Of whom traits that are not personal may be told.</summary>
    public IReadOnlySet<Guid> MayTell { get; init; } = new HashSet<Guid>();
}
