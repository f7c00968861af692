using Wellmet.Commerce.Connectors;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Storage;
using Wellmet.Privacy.Contract;

namespace Wellmet.Commerce.ShopPayloads;

/// <summary>Finds the people of whom a shop speaks, and keeps what it says of them.</summary>
internal sealed class ShopCustomers(ICustomers customers, ICustomerStatements statements, IConsents consents, TimeProvider time) : IShopKeeper
{
    public IReadOnlyList<ShopTopic> Topics => [ShopTopic.Customer];

    public async Task<WriteShopDelivery> PrepareAsync(ShopDelivery delivery, CancellationToken ct)
    {
        var person = delivery.Read.Customer(delivery.Payload);
        var found = await FindAsync(delivery.Connection, person, null, ct);
        var consent = person.Consent is { } proved
            ? await consents.PrepareGivenAsync(new(found.SubjectId, proved.Address, proved.GivenAt, proved.Wording, proved.Evidence, proved.Ip), found.Person.IsNew, ct) : null;
        return async (tx, inner) =>
        {
            await WriteAsync(tx, delivery.Connection, found, person.SaidAt, inner);
            await (consent?.Invoke(tx, inner) ?? Task.CompletedTask);
            return DeliveryOutcome.Done;
        };
    }

    /// <param name="standing">The subject of the same order, told before: one that was erased stays nobody.</param>
    public async Task<FoundPerson> FindAsync(Connection connection, ShopPerson person, Guid? standing, CancellationToken ct)
    {
        var details = new PersonDetails(person.Name, person.Email, person.Phone, person.Country, person.Locale);
        if (person.CustomerNumber is not { } number)
        {
            var guest = person.Email is { } email ? new PersonClaim(IdentityKind.Email, email, details) : person.Phone is { } phone ? new PersonClaim(IdentityKind.Phone, phone, details)
                : new PersonClaim(IdentityKind.AnonymousId, null, details);
            return new FoundPerson((await customers.ResolveAsync([guest with { StandingId = standing }], null, ct))[0], person);
        }
        // Whoever was erased has lost the number; the order told again must not bring it back.
        var forgotten = standing is not null && await statements.FindAsync(IdentityKind.ExternalId, number, ct) is null;
        if (!forgotten)
        {
            await statements.SayAsync(new SaidOfCustomer(connection.ConnectionId, number, NotLaterThanNow(person.SaidAt), Traits(person)), ct);
        }
        var claim = new PersonClaim(IdentityKind.ExternalId, forgotten ? null : number, new PersonDetails()) { StandingId = standing };
        return new FoundPerson((await customers.ResolveAsync([claim], null, ct))[0], forgotten ? person with { AcceptsMarketing = null } : person);
    }

    /// <param name="seenAt">When they were there.</param>
    public async Task WriteAsync(Transaction tx, Connection connection, FoundPerson found, DateTimeOffset seenAt, CancellationToken ct)
    {
        await customers.RegisterAsync(tx, [new SeenPerson(found.Person, NotLaterThanNow(seenAt))], null, ct);
        if (found.Said.AcceptsMarketing is { } accepts)
        {
            // As a file says it: a refusal counts, an acceptance is a claim and opens nothing.
            await consents.KeepImportedAsync(tx, [new ImportedConsent(found.SubjectId, accepts, NotLaterThanNow(found.Said.DecidedAt ?? found.Said.SaidAt))], connection.ConnectionId, ct);
        }
    }

    private DateTimeOffset NotLaterThanNow(DateTimeOffset at) => time.GetUtcNow() is var now && at > now ? now : at;

    private static Dictionary<string, string> Traits(ShopPerson person) => new[] { ("name", person.Name), ("email", person.Email), ("phone", person.Phone), ("country", person.Country), ("locale", person.Locale) }
        .Where(t => t.Item2 is not null).ToDictionary(t => t.Item1, t => t.Item2!);
}

/// <summary>Somebody of whom a shop speaks, and who they are here.</summary>
internal sealed record FoundPerson(ResolvedPerson Person, ShopPerson Said)
{
    public Guid SubjectId => Person.SubjectId;

    public bool Anonymous => string.IsNullOrEmpty(Person.Claim.Value);
}
