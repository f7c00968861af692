using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Platform.Access.Passkeys;

/// <summary>A passkey of a member of staff, as its row is.</summary>
/// <param name="Name">What they call it; sealed, because it often says whose phone it is.</param>
internal sealed record Passkey(Guid Id, Guid StaffId, UserPasskeyInfo Info, Sealed<string> Name, DateTimeOffset? UsedAt)
{
    /// <summary>As its seal knows the column of the name.</summary>
    public const string NameColumn = "access_passkeys.name";

    public const string Selected = "p.id, p.staff_id, p.credential_id, p.public_key, p.created_at, p.sign_count, p.transports, p.backup_eligible, p.backed_up, p.name, p.used_at";

    public static Passkey Read(Row row) => new(row.Guid(0), row.Guid(1), InfoOf(row), row.Sealed(9)!.Value, row.TimeOrNull(10));

    public static Task<List<Passkey>> OfAsync(Session session, Guid staffId, CancellationToken ct) => session.QueryAsync(
        $"select {Selected} from access_passkeys p where p.staff_id = @staffId order by p.created_at, p.id", new { staffId }, Read, ct);

    /// <summary>Attestation is asked of nobody, so none is kept.</summary>
    private static UserPasskeyInfo InfoOf(Row row) => new(row.Bytes(2), row.Bytes(3), row.Time(4), (uint)row.Long(5), JsonSerializer.Deserialize<string[]>(row.Text(6))!,
        isUserVerified: true, row.Bool(7), row.Bool(8), attestationObject: [], clientDataJson: []);
}
