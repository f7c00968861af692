using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Customers.Traits;
using Wellmet.Demo.Contract;
using Wellmet.Platform.Access;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Profiles;

/// <summary>Opens what is known of a page of customers, with one read of each table and one of the keys.</summary>
public sealed class ProfileReader(Database database, KeyStore store, IDemoShop demo, CurrentActor actor)
{
    private const int PageSize = 1000;

    /// <summary>Profiles by customer, masked where the actor may not see personal data.</summary>
    public async Task<IReadOnlyDictionary<Guid, CustomerProfile>> ReadAsync(IReadOnlyCollection<Guid> customers, CancellationToken ct)
    {
        var profiles = await OpenAsync(customers, ct);
        return actor.May(CustomersPermissions.ReadPersonal) ? profiles : profiles.ToDictionary(p => p.Key, p => p.Value.Masked());
    }

    /// <summary>See <see cref="ICustomers.ContactsAsync"/>: every address that any source names, not only the one that is shown.</summary>
    public async Task<IReadOnlyDictionary<Guid, CustomerContacts>> ContactsAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct)
    {
        var contacts = new Dictionary<Guid, CustomerContacts>();
        foreach (var page in subjects.Distinct().Chunk(PageSize))
        {
            var customerOf = await database.ReadAsync(s => s.QueryAsync("""
                select l.subject_id, l.customer_id from customers_links l join customers_subjects s on s.subject_id = l.subject_id
                where l.subject_id in @page and s.erased_at is null
                """, new { page }, r => (Subject: r.Guid(0), Customer: r.Guid(1)), ct), ct);
            var (links, said, known) = await OpenRowsAsync([.. customerOf.Select(c => c.Customer)], ct);
            var subjectsOf = links.ToLookup(l => l.Value, l => l.Key);
            foreach (var (subject, customer) in customerOf)
            {
                contacts[subject] = new CustomerContacts(customer, [.. subjectsOf[customer]],
                    Addresses(IdentityKind.Email, said[customer].Select(w => w.Statement.Email), known[customer]),
                    Addresses(IdentityKind.Phone, said[customer].Select(w => w.Statement.Phone), known[customer]));
            }
        }
        return contacts;
    }

    private static List<string> Addresses(IdentityKind kind, IEnumerable<string?> said, IEnumerable<CustomerIdentity> known) =>
        [.. said.Concat(known.Where(i => i.Kind == kind).Select(i => i.Value)).Select(a => IdentityText.Normalise(kind, a)).OfType<string>().Distinct()];

    /// <summary>In clear, whoever asks.</summary>
    internal async Task<IReadOnlyDictionary<Guid, CustomerProfile>> OpenAsync(IReadOnlyCollection<Guid> customers, CancellationToken ct)
    {
        var (_, said, known) = await OpenRowsAsync(customers, ct);
        var demoId = (await demo.FindAsync(ct))?.DemoId;
        return customers.Distinct().ToDictionary(c => c, c => Combine(c, [.. said[c].Select(w => w.Statement)], [.. known[c]]) with { Demo = said[c].Any(w => w.ImportId == demoId) });
    }

    /// <summary>What is said of each customer, weightiest first, and by what they are known.</summary>
    private async Task<(Dictionary<Guid, Guid> Links, ILookup<Guid, Weighed> Said, ILookup<Guid, CustomerIdentity> Known)> OpenRowsAsync(
        IReadOnlyCollection<Guid> customers, CancellationToken ct)
    {
        var (links, said, identities, traits) = await database.ReadAsync(s => RowsAsync(s, customers, ct), ct);
        var keys = await store.KeysAsync(
            said.Where(p => p.IsSealed).Select(p => p.SubjectId).Concat(identities.Select(i => i.SubjectId)).Concat(traits.Select(t => t.SubjectId)), create: false, ct);
        var opened = said.Select(p => new Weighed(p.ImportId == Guid.Empty ? Weight.Staff : Weight.Source, p.ImportId, p.SaidAt, p.Open(keys)))
            .Concat(traits.Select(t => new Weighed(t.Trusted ? Weight.Source : Weight.Claim, Guid.Empty, t.SaidAt, t.Statement(keys))))
            .OrderBy(w => w.Weight).ThenByDescending(w => w.SaidAt).ToLookup(w => links[w.Statement.SubjectId]);
        return (links, opened, identities.Where(i => keys.Has(i.SubjectId)).ToLookup(i => links[i.SubjectId], i => i.Open(keys)));
    }

    private static async Task<(Dictionary<Guid, Guid> Links, List<ProfileRow> Profiles, List<IdentityRow> Identities, List<StatedTrait> Traits)> RowsAsync(
        Session session, IReadOnlyCollection<Guid> customers, CancellationToken ct)
    {
        var links = await session.QueryAsync("select subject_id, customer_id from customers_links where customer_id in @customers",
            new { customers = customers.Distinct() }, r => (Subject: r.Guid(0), Customer: r.Guid(1)), ct);
        var subjects = links.ConvertAll(l => l.Subject);
        return (links.ToDictionary(l => l.Subject, l => l.Customer),
            await ProfileRow.ReadAsync(session, subjects, ct), await IdentityRow.ReadAsync(session, subjects, ct), await StatedTrait.ReadAsync(session, subjects, ct));
    }

    /// <summary>What staff or the customer said goes first, then the newest of imports and proved sources, what a browser claims comes last; empty text says that there is nothing.</summary>
    private static CustomerProfile Combine(Guid customer, List<PlainStatement> said, List<CustomerIdentity> identities) => new(
        customer,
        First(said, p => p.Name), First(said, p => p.Email), First(said, p => p.Phone), First(said, p => p.Country), First(said, p => p.Locale),
        [.. identities.DistinctBy(i => (i.Kind, i.Value)).OrderBy(i => i.Kind)]);

    private static string? First(List<PlainStatement> said, Func<PlainStatement, string?> field) =>
        said.Select(field).FirstOrDefault(v => v is not null) is { Length: > 0 } value ? value : null;

    private enum Weight
    {
        Staff,
        Source,
        Claim,
    }

    private sealed record Weighed(Weight Weight, Guid ImportId, DateTimeOffset SaidAt, PlainStatement Statement);
}
