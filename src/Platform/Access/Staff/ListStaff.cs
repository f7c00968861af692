using Wellmet.Platform.Access.SignIns;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Platform.Access.Staff;

/// <summary>A member of staff as the list shows them.</summary>
/// <param name="Email">Null until they have signed in for the first time.</param>
/// <param name="PausedUntil">After too many tries; null where sign-in is not paused.</param>
public sealed record StaffItem(
    Guid Id, Role Role, string? Name, string? Email, bool HasPassword, bool HasTotp, bool HasPasskey, DateTimeOffset CreatedAt, DateTimeOffset? SignedInAt, DateTimeOffset? DeactivatedAt,
    DateTimeOffset? PausedUntil)
{
    public bool HasSecondFactor => HasTotp || HasPasskey;
}

/// <summary>Everybody on the staff, those who left at the end.</summary>
public sealed class ListStaff(Database database, KeyStore keys, SignInAttempts attempts, CurrentActor actor)
{
    private const int Most = 1000;

    public async Task<IReadOnlyList<StaffItem>> RunAsync(CancellationToken ct)
    {
        actor.Demand(AccessPermissions.ReadStaff);
        var members = await database.ReadAsync(s => s.QueryAsync(
            $"select {StaffMember.Selected} from access_staff s order by case when s.deactivated_at is null then 0 else 1 end, s.created_at limit @most",
            new { most = Most }, StaffMember.Read, ct), ct);
        var opened = await keys.KeysAsync(members.Select(m => m.Id), create: false, ct);
        var emails = members.ToDictionary(m => m.Id, m => opened.Open(m.Id, StaffMember.Columns.Email, m.Email));
        var pauses = await PausesAsync(emails, ct);
        return
        [
            .. members.Select(m => new StaffItem(m.Id, m.Role, opened.Open(m.Id, StaffMember.Columns.Name, m.Name), emails[m.Id],
                m.PasswordHash is not null, m.HasTotp, m.HasPasskey, m.CreatedAt, m.SignedInAt, m.DeactivatedAt, pauses[m.Id].Max())),
        ];
    }

    /// <summary>By person: of their address and of their second factor.</summary>
    private async Task<ILookup<Guid, DateTimeOffset?>> PausesAsync(IReadOnlyDictionary<Guid, string?> emails, CancellationToken ct)
    {
        var buckets = new List<(Guid Id, byte[] Bucket)>();
        foreach (var (id, email) in emails)
        {
            buckets.Add((id, SignInAttempts.SecondFactorOf(id)));
            if (email is not null)
            {
                buckets.Add((id, await attempts.AccountOfAsync(email, ct)));
            }
        }
        var pauses = await attempts.PausesAsync(buckets.ConvertAll(b => b.Bucket), ct);
        return buckets.ToLookup(b => b.Id, b => pauses.TryGetValue(Convert.ToHexString(b.Bucket), out var until) ? until : (DateTimeOffset?)null);
    }
}
