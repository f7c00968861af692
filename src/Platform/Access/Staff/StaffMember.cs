using Wellmet.Platform.Access.SignIns;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Platform.Access.Staff;

/// <summary>Someone who works in the console. Their own personal data is sealed under their id.</summary>
public sealed record StaffMember
{
    public required Guid Id { get; init; }
    public required Role Role { get; init; }

    /// <summary>Null until the invited person has signed in for the first time.</summary>
    [Pii("e-mail address")]
    public Sealed<string>? Email { get; init; }

    [Pii("name")]
    public Sealed<string>? Name { get; init; }

    /// <summary>PBKDF2-HMAC-SHA512, salted, in the format of ASP.NET Core Identity.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>The secret shared with the authenticator app; in use once it was confirmed by a code.</summary>
    public Sealed<string>? TotpSecret { get; init; }
    public DateTimeOffset? TotpConfirmedAt { get; init; }

    /// <summary>The time step of the last code accepted: a code works once.</summary>
    public long? TotpLastStep { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? SignedInAt { get; init; }
    public DateTimeOffset? DeactivatedAt { get; init; }

    /// <summary>From when on an owner needs a second factor; null until the first sign-in as owner.</summary>
    public DateTimeOffset? SecondFactorDueAt { get; init; }

    public bool IsActive => DeactivatedAt is null;
    public bool HasTotp => TotpConfirmedAt is not null;
    public required bool HasPasskey { get; init; }
    public bool HasSecondFactor => HasTotp || HasPasskey;
    internal SecondStep SecondSteps => (HasTotp ? SecondStep.Code : 0) | (HasPasskey ? SecondStep.Passkey : 0);

    /// <summary>Columns of the sealed values, as their seals know them.</summary>
    public static class Columns
    {
        public const string Email = "access_staff.email";
        public const string Name = "access_staff.name";
        public const string TotpSecret = "access_staff.totp_secret";
    }

    internal const string Selected = """
        s.id, s.role, s.email, s.name, s.password_hash, s.totp_secret, s.totp_confirmed_at, s.totp_last_step, s.created_at, s.signed_in_at, s.deactivated_at,
        s.second_factor_due_at, exists (select 1 from access_passkeys p where p.staff_id = s.id)
        """;

    /// <summary>How many columns <see cref="Selected"/> has.</summary>
    internal const int ColumnCount = 13;

    internal static StaffMember Read(Row row) => new()
    {
        Id = row.Guid(0),
        Role = row.Enum<Role>(1),
        Email = row.Sealed(2),
        Name = row.Sealed(3),
        PasswordHash = row.TextOrNull(4),
        TotpSecret = row.Sealed(5),
        TotpConfirmedAt = row.TimeOrNull(6),
        TotpLastStep = row.LongOrNull(7),
        CreatedAt = row.Time(8),
        SignedInAt = row.TimeOrNull(9),
        DeactivatedAt = row.TimeOrNull(10),
        SecondFactorDueAt = row.TimeOrNull(11),
        HasPasskey = row.Bool(12),
    };
}
