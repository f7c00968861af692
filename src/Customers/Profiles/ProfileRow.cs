using Wellmet.Customers.Contract;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Customers.Profiles;

/// <summary>A row of customers_profiles, sealed.</summary>
internal sealed record ProfileRow(
    Guid SubjectId, Guid ImportId, DateTimeOffset SaidAt, Sealed<string>? Name, Sealed<string>? Email, Sealed<string>? Phone, string? Country, string? Locale)
{
    public bool IsSealed => Name is not null || Email is not null || Phone is not null;

    /// <summary>In the order in which they count: what staff or the customer said, then the newest source.</summary>
    public static Task<List<ProfileRow>> ReadAsync(Session session, IReadOnlyCollection<Guid> subjects, CancellationToken ct) => session.QueryAsync("""
        select subject_id, import_id, said_at, name, email, phone, country, locale from customers_profiles where subject_id in @subjects
        order by case when import_id = @none then 0 else 1 end, said_at desc, import_id desc, subject_id
        """, new { subjects, none = Guid.Empty },
        r => new ProfileRow(r.Guid(0), r.Guid(1), r.Time(2), r.Sealed(3), r.Sealed(4), r.Sealed(5), r.TextOrNull(6), r.TextOrNull(7)), ct);

    public PlainStatement Open(SubjectKeys keys) => new(SubjectId)
    {
        Name = keys.Open(SubjectId, PlainStatement.NameColumn, Name),
        Email = keys.Open(SubjectId, PlainStatement.EmailColumn, Email),
        Phone = keys.Open(SubjectId, PlainStatement.PhoneColumn, Phone),
        Country = Country,
        Locale = Locale,
    };
}

/// <summary>A row of customers_identities, sealed.</summary>
internal sealed record IdentityRow(Guid SubjectId, IdentityKind Kind, Sealed<string>? Value, bool Verified, Guid ImportId)
{
    public static Task<List<IdentityRow>> ReadAsync(Session session, IReadOnlyCollection<Guid> subjects, CancellationToken ct) => session.QueryAsync("""
        select subject_id, kind, value, verified, import_id from customers_identities where subject_id in @subjects
        order by verified desc, subject_id, identity_id
        """, new { subjects }, r => new IdentityRow(r.Guid(0), r.Enum<IdentityKind>(1), r.Sealed(2), r.Bool(3), r.Guid(4)), ct);

    public CustomerIdentity Open(SubjectKeys keys) => new(SubjectId, Kind, keys.Open(SubjectId, PlainStatement.IdentityColumn, Value) ?? "", Verified);
}
