using System.Text.Json;
using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Customers.Profiles;
using Wellmet.Customers.Traits;
using Wellmet.Platform;
using Wellmet.Platform.Log;
using Wellmet.Platform.Purposes;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Collection;

/// <summary>Seals what is personal in a group of events, and makes it findable, before the transaction that writes it.</summary>
[Uses(Purpose.Service, "makes findable for staff what was sent")]
internal sealed class SealCollected(KeyStore store, SearchTokens search, IdentifierClaims claims)
{
    public const string Column = "log_events.sealed";

    public async Task<SealedGroup> RunAsync(IReadOnlyList<Collected> collected, CancellationToken ct)
    {
        var personal = collected.Where(c => c.Event.Personal is not null || c.Event.Traits.Count > 0).Select(c => c.SubjectId).Distinct().ToList();
        var keys = await store.KeysAsync(personal, create: true, ct);
        var traits = collected.SelectMany((c, i) => c.Event.Traits.Select(t => (Index: i, Trait:
            StatedTrait.Of(c.SubjectId, t.Name, t.Value, c.Event.OccurredAt, c.Token, c.Event.Trusted, keys)))).ToList();
        var statements = traits.ConvertAll(t => t.Trait.Statement(keys));
        var findable = statements.SelectMany(s => s.SearchValues()).Distinct().ToList();
        if (findable.Count > 0)
        {
            await search.AddAsync(findable, ct);
        }
        var emails = await ClaimEmailsAsync(traits.Zip(statements).Where(t => t.First.Trait.Trusted && t.Second.Email is not null).Select(t => t.Second), keys, ct);
        return new SealedGroup([.. collected.Select(c => EventOf(c, keys))], traits, emails);
    }

    /// <summary>A proved e-mail address is an identifier of its subject, unless it is somebody else's already.</summary>
    private async Task<IReadOnlyList<SealedGroup.Email>> ClaimEmailsAsync(IEnumerable<PlainStatement> statements, SubjectKeys keys, CancellationToken ct)
    {
        var wanted = statements.Select(s => (s.SubjectId, Identifier: IdentityText.IdentifierOf(IdentityKind.Email, s.Email))).Where(w => w.Identifier is not null)
            .Select(w => new Claim(w.Identifier!.Value, w.SubjectId, null)).DistinctBy(c => c.Identifier).ToList();
        if (wanted.Count == 0)
        {
            return [];
        }
        var owners = await claims.OwnersAsync([.. wanted.Select(w => w.Identifier)], ct);
        var free = wanted.FindAll(w => !owners.ContainsKey(w.Identifier));
        var owned = await claims.ClaimAsync(free, ct);
        return [.. free.Where(f => owned[f.Identifier] == f.SubjectId)
            .Select(f => new SealedGroup.Email(f.SubjectId, keys.Seal(f.SubjectId, PlainStatement.IdentityColumn, f.Identifier.Value)))];
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
/// <param name="Traits">What is said of people, and the index of the event that says it.</param>
internal sealed record SealedGroup(IReadOnlyList<ILogEvent?> Events, IReadOnlyList<(int Index, StatedTrait Trait)> Traits, IReadOnlyList<SealedGroup.Email> Emails)
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
    public async Task WriteAsync(Transaction tx, Func<int, bool> counts, CancellationToken ct)
    {
        var traits = Traits.Where(t => counts(t.Index)).Select(t => t.Trait).ToList();
        await StatedTrait.WriteAsync(tx, traits, ct);
        foreach (var told in ToldTraits.Of(traits))
        {
            tx.Append(told);
        }
        await Identities.RunAsync(tx, Emails, ct);
        await Summaries.RefreshAsync(tx, [.. traits.Where(t => t.Name == "country").Select(t => t.SubjectId)], ct);
    }
}
