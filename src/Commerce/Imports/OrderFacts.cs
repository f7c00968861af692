using Wellmet.Customers.Contract;

namespace Wellmet.Commerce.Imports;

/// <summary>What a line says of its whole order.</summary>
/// <param name="Status">As the file says it; may be empty.</param>
internal sealed record OrderFacts(string Number, DateTimeOffset PlacedAt, string Currency, string Status, PersonClaim Person);
