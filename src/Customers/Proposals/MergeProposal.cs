using Wellmet.Customers.Profiles;
using Wellmet.Platform;
using Wellmet.Platform.Vault;
using Wellmet.Science.Linkage;

namespace Wellmet.Customers.Proposals;

/// <summary>Whether somebody has decided.</summary>
public enum ProposalState
{
    Open,

    /// <summary>They are two people: it is never proposed again.</summary>
    Refused,
}

/// <summary>What a field says about two customers; no value of it.</summary>
/// <param name="Field">As <see cref="ProposalFields"/> names it, or a line of the model's own.</param>
/// <param name="Agreement">Null for lines of the model's own.</param>
/// <param name="Bits">Above 0 for one person; the bits of all lines add up to the log2 of the odds.</param>
public sealed record ProposalLine(string Field, Agreement? Agreement, double Bits);

/// <summary>Two customers who may be one person, and why.</summary>
/// <param name="FirstId">A customer's own id, below <paramref name="OtherId"/>.</param>
/// <param name="Chance">That they are one person, in (0, 1).</param>
public sealed record MergeProposal(Guid FirstId, Guid OtherId, double Chance, IReadOnlyList<ProposalLine> Lines, DateTimeOffset FoundAt)
{
    /// <summary>Of the line in lists; a pair that is found again keeps it.</summary>
    public Guid ProposalId { get; init; } = Id.New();
}

/// <summary>What is compared of a customer, and shown beside each other.</summary>
/// <param name="Profile">Masked where the viewer may not see personal data.</param>
public sealed record ProposalPerson(
    CustomerProfile Profile, [property: Pii("date of birth")] string? Birthday, [property: Pii("address")] string? Street, [property: Pii("address")] string? City, [property: Pii("address")] string? Postcode)
{
    /// <summary>As it is shown to somebody who may not see personal data.</summary>
    public ProposalPerson Masked() => new(Profile.Masked(), Hide(Birthday), Hide(Street), Hide(City), Hide(Postcode));

    private static string? Hide(string? value) => value is null ? null : Masking.Words(value);
}

/// <summary>The columns that are compared.</summary>
internal static class ProposalFields
{
    public const string Name = "name", Email = "email", Phone = "phone", Birthday = "birthday", Street = "street", City = "city", Postcode = "postcode", Country = "country";

    public static readonly IReadOnlyList<LinkageField> All =
    [
        new(Name, FieldKind.FullName), new(Email, FieldKind.Email), new(Phone, FieldKind.Phone), new(Birthday, FieldKind.BirthDate), new(Street, FieldKind.AddressLine),
        new(City, FieldKind.Locality), new(Postcode, FieldKind.Postcode), new(Country, FieldKind.Region),
    ];

    /// <summary>In the order of <see cref="All"/>.</summary>
    public static string?[] Of(ProposalPerson person) =>
        [person.Profile.Name, person.Profile.Email, person.Profile.Phone, person.Birthday, person.Street, person.City, person.Postcode, person.Profile.Country];
}
