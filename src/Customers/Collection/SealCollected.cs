using System.Text.Json;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Customers.Joining;
using Wellmet.Customers.Profiles;
using Wellmet.Customers.Schema;
using Wellmet.Customers.Traits;
using Wellmet.Platform;
using Wellmet.Platform.Log;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Collection;

/// <summary>Seals what is personal in a group of events, and makes it findable, before the transaction that writes it.</summary>
[Uses(Purpose.Service, "makes findable for staff what was sent")]
internal sealed class SealCollected(KeyStore store, SearchTokens search, IdentifierClaims claims, Database database)
{
    public const string Column = "log_events.sealed";

    public async Task<SealedGroup> RunAsync(IReadOnlyList<Collected> collected, JoinBook book, CancellationToken ct)
    {
        var personal = collected.Where(c => c.Event.Personal is not null || c.Event.Traits.Count > 0).Select(c => c.SubjectId).Distinct().ToList();
        var keys = await store.KeysAsync(personal, create: true, ct);
        var traits = collected.SelectMany((c, i) => c.Event.Traits.Where(t => StatedTrait.IsOfProfile(t.Name)).Select(t => (Index: i, Trait:
            StatedTrait.Of(c.SubjectId, t.Name, t.Value, c.Event.OccurredAt, c.Token, c.Event.Proves(t), keys)))).ToList();
        var statements = traits.ConvertAll(t => t.Trait.Statement(keys));
        var findable = statements.SelectMany(s => s.SearchValues()).Distinct().ToList();
        if (findable.Count > 0)
        {
            await search.AddAsync(findable, ct);
        }
        var proved = traits.Zip(statements).Where(t => t.First.Trait.Trusted).SelectMany(t => ProvedAddress.Of(collected[t.First.Index], t.First.Index, t.Second, book)).OrderBy(p => p.By.Event.OccurredAt).ToList();
        var owners = proved.Count == 0 ? new Dictionary<Identifier, Guid>() : await claims.OwnersAsync([.. proved.Select(p => p.Identifier).Distinct()], ct);
        var (emails, owned) = await ClaimEmailsAsync(proved.FindAll(p => p.Kind == JoinRules.Email && !owners.ContainsKey(p.Identifier)), keys, book.Rules, ct);
        var known = owners.Concat(owned).ToDictionary();
        return new SealedGroup([.. collected.Select(c => EventOf(c, keys))], traits, emails,
            [.. proved.Where(p => known.TryGetValue(p.Identifier, out var owner) && owner != p.By.SubjectId).Select(p => (p.Index, p.By.Proves(known[p.Identifier], p.Kind)))],
            [.. collected.SelectMany((c, i) => SaidBy(c).Select(r => (i, r)))], keys);
    }

    /// <summary>What an event says of its person; what is proved goes before what the call itself says.</summary>
    private static IEnumerable<TraitRun> SaidBy(Collected c) => c.Event.Traits.Reverse().DistinctBy(t => t.Name).Select(t => TraitRun.Of(
        c.SubjectId, t.Name, c.Event.Proves(t) ? TraitSource.Shop : TraitSource.Visitor, c.Event.Source.SourceId, Guid.Empty, new SaidAt(c.Event.OccurredAt, c.Token), t.Value));

    /// <summary>A proved e-mail address is an identifier of its subject, as long as it is nobody else's and the subject has not too many: the first to prove it gets it.</summary>
    private async Task<(IReadOnlyList<SealedGroup.Email> Emails, IReadOnlyDictionary<Identifier, Guid> Owners)> ClaimEmailsAsync(List<ProvedAddress> free, SubjectKeys keys, JoinRules rules, CancellationToken ct)
    {
        if (free.Count == 0)
        {
            return ([], new Dictionary<Identifier, Guid>());
        }
        var subjects = free.Select(f => f.By.SubjectId).Distinct().ToList();
        var full = (await database.ReadAsync(s => s.QueryAsync("select subject_id from customers_identities where subject_id in @subjects and kind = 'email' group by subject_id having count(*) >= @most",
            new { subjects, most = rules.Of(JoinRules.Email)!.Most }, r => r.Guid(0), ct), ct)).ToHashSet();
        var wanted = free.Where(f => !full.Contains(f.By.SubjectId)).DistinctBy(f => f.Identifier).ToList();
        var owned = await claims.ClaimAsync([.. wanted.Select(f => new Claim(f.Identifier, f.By.SubjectId, null))], ct);
        return ([.. wanted.Where(f => owned[f.Identifier] == f.By.SubjectId)
            .Select(f => new SealedGroup.Email(f.By.SubjectId, keys.Seal(f.By.SubjectId, PlainStatement.IdentityColumn, f.Identifier.Value)))], owned);
    }

    /// <summary>An e-mail address or phone number that the shop proves to be an account's.</summary>
    private sealed record ProvedAddress(Collected By, int Index, string Kind, Identifier Identifier)
    {
        public static IEnumerable<ProvedAddress> Of(Collected by, int index, PlainStatement said, JoinBook book)
        {
            if (IdentityText.IdentifierOf(IdentityKind.Email, said.Email) is { } email && !book.Blocked.IsNobody(IdentityKind.Email, email.Value) && !BlockedValues.IsSharedInbox(email.Value))
            {
                yield return new(by, index, JoinRules.Email, email);
            }
            if (book.Rules.Joins(JoinRules.Phone) && IdentityText.IdentifierOf(IdentityKind.Phone, said.Phone) is { } phone && !book.Blocked.IsNobody(IdentityKind.Phone, phone.Value))
            {
                yield return new(by, index, JoinRules.Phone, phone);
            }
        }
    }

    /// <summary>Null for calls that only say who somebody is.</summary>
    private static ILogEvent? EventOf(Collected c, SubjectKeys keys)
    {
        var e = c.Event;
        if (e.Type is CallType.Identify or CallType.Alias)
        {
            return null;
        }
        var text = e.Personal is null ? null : Convert.ToBase64String(keys.Seal(c.SubjectId, Column, e.Personal).Envelope);
        var facts = new CollectedFacts(e.Source.SourceId, e.Source.StorefrontId, e.MessageId, e.Trusted, e.Person.Kind == IdentityKind.AnonymousId, e.Properties, text) { FromServer = e.Source.Trusted };
        return (e.Type is CallType.Track ? ShopEventNames.Of(e.Name) : null) switch
        {
            null => new EventCollected(c.SubjectId, e.OccurredAt, KindOf(e.Type), e.Name, facts),
            var name when ShopEventNames.IsOfOrder(name) => new OrderEventCollected(c.SubjectId, e.OccurredAt, name, facts),
            var name => new ShopEventCollected(c.SubjectId, e.OccurredAt, name, facts),
        };
    }

    private static CollectedKind KindOf(CallType type) => type switch
    {
        CallType.Page => CollectedKind.Page,
        CallType.Screen => CollectedKind.Screen,
        CallType.Group => CollectedKind.Group,
        _ => CollectedKind.Track,
    };
}

/// <summary>A group of events, sealed.</summary>
/// <param name="Events">For each event of the group what goes into the log; null for nothing.</param>
/// <param name="Traits">What is said of people's profiles, and the index of the event that says it.</param>
/// <param name="Evidence">Addresses that others bear already, and are proved to be somebody's.</param>
/// <param name="Said">All that is said of people, for the histories of their traits; not sealed yet.</param>
/// <param name="Keys">Of those of whom anything is said.</param>
internal sealed record SealedGroup(
    IReadOnlyList<ILogEvent?> Events, IReadOnlyList<(int Index, StatedTrait Trait)> Traits, IReadOnlyList<SealedGroup.Email> Emails,
    IReadOnlyList<(int Index, Evidence Evidence)> Evidence, IReadOnlyList<(int Index, TraitRun Said)> Said, SubjectKeys Keys)
{
    /// <summary>An e-mail address that became an identifier.</summary>
    internal sealed record Email(Guid SubjectId, Sealed<string> Value);

    private static readonly BulkInsert<Email> Identities = new("customers_identities",
        new("subject_id", typeof(Guid), i => i.SubjectId),
        new("identity_id", typeof(Guid), _ => Id.New()),
        new("kind", typeof(IdentityKind), _ => IdentityKind.Email),
        new("value", typeof(byte[]), i => i.Value.Envelope),
        new("verified", typeof(bool), _ => true),
        new("import_id", typeof(Guid), _ => Guid.Empty));

    /// <param name="counts">Whether the event of this index is written.</param>
    /// <param name="erased">Of whom nothing is written.</param>
    public async Task WriteAsync(Transaction tx, Func<int, bool> counts, IReadOnlySet<Guid> erased, CancellationToken ct)
    {
        var traits = Traits.Where(t => counts(t.Index) && !erased.Contains(t.Trait.SubjectId)).Select(t => t.Trait).ToList();
        await StatedTrait.WriteAsync(tx, traits, ct);
        foreach (var told in ToldTraits.Of(traits))
        {
            tx.Append(told);
        }
        await Identities.RunAsync(tx, [.. Emails.Where(e => !erased.Contains(e.SubjectId))], ct);
        await Summaries.RefreshAsync(tx, [.. traits.Where(t => t.Name == "country").Select(t => t.SubjectId)], ct);
    }
}
