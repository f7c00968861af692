using Wellmet.Customers.Contract;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Profiles;

/// <summary>Who a customer is, put together from what all sources say of all its subjects. Null where nobody says anything.</summary>
public sealed record CustomerProfile(
    Guid CustomerId,
    [property: Pii("name")] string? Name,
    [property: Pii("e-mail address")] string? Email,
    [property: Pii("phone number")] string? Phone,
    string? Country,
    string? Locale,
    IReadOnlyList<CustomerIdentity> Identities)
{
    /// <summary>A made-up customer of the demo shop.</summary>
    public bool Demo { get; init; }

    /// <summary>Name, else e-mail, else external id, else 'Anonymous'.</summary>
    public string Label => Named ?? "Anonymous";

    /// <summary>False where nobody says anything by which to name them.</summary>
    public bool HasLabel => Named is not null;

    private string? Named => Name ?? Email ?? Value(IdentityKind.ExternalId) ?? Value(IdentityKind.Email) ?? Value(IdentityKind.Phone);

    /// <summary>As it is shown to somebody who may not see personal data.</summary>
    public CustomerProfile Masked() => this with
    {
        Name = Name is null ? null : Masking.Words(Name),
        Email = Email is null ? null : Masking.Email(Email),
        Phone = Phone is null ? null : Masking.Phone(Phone),
        Identities = [.. Identities.Select(i => i.Masked())],
    };

    private string? Value(IdentityKind kind) => Identities.FirstOrDefault(i => i.Kind == kind)?.Value;
}

/// <summary>An identifier by which a subject is known.</summary>
public sealed record CustomerIdentity(Guid SubjectId, IdentityKind Kind, [property: Pii("identifier")] string Value, bool Verified)
{
    public CustomerIdentity Masked() => this with
    {
        Value = Kind switch
        {
            IdentityKind.Email => Masking.Email(Value),
            IdentityKind.Phone => Masking.Phone(Value),
            _ => Masking.Word(Value),
        },
    };
}
