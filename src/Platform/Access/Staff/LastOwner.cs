using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.Staff;

/// <summary>Somebody must be able to do everything: the last owner stays.</summary>
internal static class LastOwner
{
    /// <exception cref="ProblemException"><c>last_owner</c> (409).</exception>
    public static async Task DemandAnotherAsync(Transaction tx, StaffMember leaving, CancellationToken ct)
    {
        if (leaving is not { Role: Role.Owner, IsActive: true })
        {
            return;
        }
        if (tx.Engine == Engine.Postgres)
        {
            await tx.ExecuteAsync("lock table access_staff in exclusive mode", null, ct);
        }
        var others = await tx.CountAsync(
            "select count(*) from access_staff where role = 'owner' and deactivated_at is null and password_hash is not null and id <> @Id", new { leaving.Id }, ct);
        if (others == 0)
        {
            throw new ProblemException("last_owner", "This is the only owner who can sign in. Make somebody else an owner first.", 409);
        }
    }
}
