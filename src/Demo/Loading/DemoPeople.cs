using System.Text.Json;
using Wellmet.Customers.Contract;
using Wellmet.Demo.Contract;
using Wellmet.Demo.Generator;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Demo.Loading;

/// <summary>A batch whose people have keys and can be found, ready to be written.</summary>
internal sealed record PreparedBatch(DemoBatch Batch, IReadOnlyList<SeenPerson> Seen)
{
    /// <summary>Write what the modules made of it.</summary>
    public List<Func<Transaction, CancellationToken, Task>> Parts { get; } = [];
}

/// <summary>Makes the people of the demo shop customers, as an import does, and tells what they looked at.</summary>
public sealed class DemoPeople(ICustomers customers, KeyStore store)
{
    private static readonly EventProperties[] Shown = [.. Catalogue.Products.Select(p => new EventProperties(JsonSerializer.Serialize(new { product_id = p.Sku, name = p.Name })))];

    /// <summary>Claims addresses, makes keys and makes findable, in one transaction of the key store; a crash after it leaves claims that the next attempt takes up.</summary>
    internal async Task<PreparedBatch> PrepareAsync(Guid demoId, IReadOnlyList<DemoShopper> shoppers, CancellationToken ct)
    {
        var resolved = await store.TogetherAsync(() => customers.ResolveAsync([.. shoppers.Select(Claim)], demoId, ct), ct);
        return new PreparedBatch(
            new DemoBatch(demoId, [.. shoppers.Zip(resolved, (shopper, person) => new DemoPerson(person.SubjectId, shopper))]),
            [.. shoppers.Zip(resolved, (shopper, person) => new SeenPerson(person, shopper.FirstSeenAt))]);
    }

    internal async Task WriteAsync(Transaction tx, PreparedBatch prepared, CancellationToken ct)
    {
        var demoId = prepared.Batch.DemoId;
        await customers.RegisterAsync(tx, prepared.Seen, demoId, ct);
        foreach (var (subject, shopper) in prepared.Batch.People)
        {
            for (var i = 0; i < shopper.Visits.Count; i++)
            {
                tx.AppendHistory(Visit(demoId, subject, shopper.Visits[i], i), demoId);
            }
        }
    }

    private static PersonClaim Claim(DemoShopper shopper) =>
        new(IdentityKind.Email, shopper.Email, new PersonDetails(shopper.Name, shopper.Email, Country: shopper.Country, Locale: shopper.Locale));

    private static ShopEventCollected Visit(Guid demoId, Guid subject, DemoVisit visit, int number) => new(subject, visit.At, visit.IntoCart ? "Product Added" : "Product Viewed",
        new CollectedFacts(demoId, demoId, $"{number}", Trusted: true, Anonymous: false, Shown[visit.Product], null));
}
