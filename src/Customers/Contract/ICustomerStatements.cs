namespace Wellmet.Customers.Contract;

/// <summary>What one of the shop's own systems says of a customer whom it knows by a number.</summary>
/// <param name="SourceId">The system; a connection or a key.</param>
/// <param name="UserId">The shop's own number of the customer.</param>
/// <param name="SaidAt">When it became so: of each trait the newest statement counts, in whatever order they come.</param>
/// <param name="Traits">By name in snake_case (<c>name</c>, <c>email</c>, <c>phone</c>, <c>country</c>, <c>locale</c> are shown on the profile). What is left out stays.</param>
public sealed record SaidOfCustomer(Guid SourceId, string UserId, DateTimeOffset SaidAt, IReadOnlyDictionary<string, string> Traits);

/// <summary>Keeps what the shop's own systems say of customers, as an identify call of its server does.</summary>
public interface ICustomerStatements
{
    /// <summary>Durable when it returns; the same statement again changes nothing. Whoever is not known yet appears.</summary>
    Task SayAsync(SaidOfCustomer said, CancellationToken ct);

    /// <summary>The subject that owns an identifier; null where nobody does. Nobody becomes known by it.</summary>
    /// <exception cref="Platform.ProblemException"><c>personal_data_too_long</c>.</exception>
    Task<Guid?> FindAsync(IdentityKind kind, string? value, CancellationToken ct);
}
