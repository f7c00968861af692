using Wellmet.Customers.Contract;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Profiles;

/// <summary>What a source says about a subject, opened. Empty text says that there is nothing; null says nothing.</summary>
internal sealed class PlainStatement(Guid subjectId)
{
    /// <summary>Names of the columns to which the sealed values are bound.</summary>
    public const string IdentityColumn = "customers_identities.value", NameColumn = "customers_profiles.name",
        EmailColumn = "customers_profiles.email", PhoneColumn = "customers_profiles.phone";

    public Guid SubjectId { get; } = subjectId;
    public List<(IdentityKind Kind, string Value)> Identities { get; } = [];
    public string? Name { get; init; }
    public string? Email { get; init; }
    public string? Phone { get; init; }
    public string? Country { get; init; }
    public string? Locale { get; init; }

    /// <summary>Whether there is anything to seal; only then the subject needs a key.</summary>
    public bool IsPersonal => Identities.Count > 0 || Name is not null || Email is not null || Phone is not null;

    public bool SaysAnything => IsPersonal || Country is not null || Locale is not null;

    public PersonStatement Seal(SubjectKeys keys) => new(
        [.. Identities.Select(i => new SealedIdentity(i.Kind, keys.Seal(SubjectId, IdentityColumn, i.Value)))],
        Seal(keys, NameColumn, Name), Seal(keys, EmailColumn, Email), Seal(keys, PhoneColumn, Phone), Country, Locale);

    /// <summary>Under what the subject is found: a phone number also by its digits alone. Anonymous ids are not looked for by people.</summary>
    public IEnumerable<(Guid Subject, string Field, string Value)> SearchValues()
    {
        (string Field, string? Value)[] details = [("name", Name), ("email", Email), ("phone", Phone), ("phone", Phone?.TrimStart('+'))];
        var named = details.Concat(Identities.Where(i => i.Kind != IdentityKind.AnonymousId).Select(i => (Field: EnumText.Of(i.Kind), Value: (string?)i.Value)));
        return named.Where(n => !string.IsNullOrEmpty(n.Value)).Distinct().Select(n => (SubjectId, n.Field, n.Value!));
    }

    private Sealed<string>? Seal(SubjectKeys keys, string column, string? value) => value is null ? null : keys.Seal(SubjectId, column, value);
}
