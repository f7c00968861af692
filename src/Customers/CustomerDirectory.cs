using Wellmet.Customers.Contract;
using Wellmet.Customers.Identities;
using Wellmet.Customers.Profiles;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers;

/// <summary>What other modules may ask of Customers; each answer has a file of its own.</summary>
internal sealed class CustomerDirectory(
    Database database, ResolvePeople resolve, RegisterPeople register, UndoImportedPeople undo, FindPeople find, ProfileReader profiles) : ICustomers
{
    public Task<IReadOnlyList<ResolvedPerson>> ResolveAsync(IReadOnlyList<PersonClaim> people, Guid? importId, CancellationToken ct) =>
        resolve.RunAsync(people, importId, ct);

    public Task RegisterAsync(Transaction tx, IReadOnlyCollection<SeenPerson> people, Guid? importId, CancellationToken ct) =>
        register.RunAsync(tx, people, importId, ct);

    public Task<bool> UndoImportAsync(Guid importId, CancellationToken ct) => undo.RunAsync(importId, ct);

    public Task<ILookup<string, Guid>> FindAsync(IReadOnlyCollection<string> texts, CancellationToken ct) => find.RunAsync(texts, ct);

    public async Task<IReadOnlyList<Guid>> SubjectsOfImportAsync(Guid importId, Guid after, int limit, CancellationToken ct) => await database.ReadAsync(s => s.QueryAsync(
        "select subject_id from customers_subjects where import_id = @importId and subject_id > @after order by subject_id limit @limit", new { importId, after, limit }, r => r.Guid(0), ct), ct);

    public Task<IReadOnlyDictionary<Guid, Guid>> CustomersOfAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) =>
        database.ReadAsync(s => CustomersOfAsync(s, subjects, ct), ct);

    public Task<IReadOnlyDictionary<Guid, Guid>> CustomersOfAsync(Session session, IReadOnlyCollection<Guid> subjects, CancellationToken ct) =>
        CustomerLinks.CustomersOfAsync(session, subjects, ct);

    public async Task<IReadOnlyList<Guid>> SubjectsOfAsync(Guid customerId, CancellationToken ct) =>
        await database.ReadAsync(s => CustomerLinks.SubjectsOfAsync(s, [customerId], ct), ct) is { Count: > 0 } subjects ? subjects : [customerId];

    public Task<ILookup<Guid, Guid>> SubjectsOfAsync(IReadOnlyCollection<Guid> customers, CancellationToken ct) =>
        database.ReadAsync(s => SubjectsOfAsync(s, customers, ct), ct);

    public async Task<ILookup<Guid, Guid>> SubjectsOfAsync(Session session, IReadOnlyCollection<Guid> customers, CancellationToken ct)
    {
        var links = new List<(Guid Customer, Guid Subject)>();
        foreach (var page in customers.Distinct().Chunk(1000))
        {
            links.AddRange(await session.QueryAsync("select customer_id, subject_id from customers_links where customer_id in @page", new { page },
                r => (r.Guid(0), r.Guid(1)), ct));
        }
        return links.ToLookup(l => l.Customer, l => l.Subject);
    }

    public async Task<IReadOnlyDictionary<Guid, CustomerLabel>> LabelsAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct)
    {
        var customers = await CustomersOfAsync(subjects, ct);
        var opened = await profiles.ReadAsync([.. customers.Values], ct);
        return customers.ToDictionary(c => c.Key, c => new CustomerLabel(c.Value, opened[c.Value].Label, opened[c.Value].Country));
    }

    public Task<IReadOnlyDictionary<Guid, string>> CountriesAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) => database.ReadAsync(async s =>
    {
        var countries = new Dictionary<Guid, string>();
        foreach (var page in subjects.Distinct().Chunk(1000))
        {
            var rows = await s.QueryAsync("""
                select l.subject_id, s.country from customers_links l join customers_summaries s on s.subject_id = l.customer_id
                where l.subject_id in @page and s.country is not null
                """, new { page }, r => (Subject: r.Guid(0), Country: r.Text(1)), ct);
            rows.ForEach(r => countries[r.Subject] = r.Country);
        }
        return (IReadOnlyDictionary<Guid, string>)countries;
    }, ct);

    public Task<IReadOnlyDictionary<Guid, CustomerContacts>> ContactsAsync(IReadOnlyCollection<Guid> subjects, CancellationToken ct) => profiles.ContactsAsync(subjects, ct);

    public string? Normalise(IdentityKind kind, string? value) => IdentityText.Normalise(kind, value);
}
