using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Platform.Access.Staff;

/// <summary>A member of staff as the list shows them.</summary>
/// <param name="Email">Null until they have signed in for the first time.</param>
public sealed record StaffItem(
    Guid Id, Role Role, string? Name, string? Email, bool HasPassword, bool HasTotp, bool HasPasskey, DateTimeOffset CreatedAt, DateTimeOffset? SignedInAt, DateTimeOffset? DeactivatedAt)
{
    public bool HasSecondFactor => HasTotp || HasPasskey;
}

/// <summary>Everybody on the staff, those who left at the end.</summary>
public sealed class ListStaff(Database database, KeyStore keys, CurrentActor actor)
{
    private const int Most = 1000;

    public async Task<IReadOnlyList<StaffItem>> RunAsync(CancellationToken ct)
    {
        actor.Demand(AccessPermissions.ReadStaff);
        var members = await database.ReadAsync(s => s.QueryAsync(
            $"select {StaffMember.Selected} from access_staff s order by case when s.deactivated_at is null then 0 else 1 end, s.created_at limit @most",
            new { most = Most }, StaffMember.Read, ct), ct);
        var opened = await keys.KeysAsync(members.Select(m => m.Id), create: false, ct);
        return
        [
            .. members.Select(m => new StaffItem(m.Id, m.Role,
                opened.Open(m.Id, StaffMember.Columns.Name, m.Name), opened.Open(m.Id, StaffMember.Columns.Email, m.Email),
                m.PasswordHash is not null, m.HasTotp, m.HasPasskey, m.CreatedAt, m.SignedInAt, m.DeactivatedAt)),
        ];
    }
}
