using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.SignIns;

/// <summary>The very first start: nobody can sign in yet, so the program makes an owner and a link, which it prints.</summary>
public sealed class InviteFirstOwner(Database database, StaffAccounts accounts, SignInLinks links, CurrentActor actor, AuditLog audit)
{
    /// <returns>The link, or null where an owner can already sign in.</returns>
    public Task<Uri?> RunAsync(CancellationToken ct)
    {
        actor.Demand(AccessPermissions.ManageStaff);
        return database.WriteAsync<Uri?>(async tx =>
        {
            if (tx.Engine == Engine.Postgres)
            {
                await tx.ExecuteAsync("lock table access_staff in exclusive mode", null, ct);
            }
            var owners = await tx.QueryAsync("select id, password_hash from access_staff where role = 'owner' and deactivated_at is null order by created_at", null,
                r => (Id: r.Guid(0), CanSignIn: !r.IsNull(1)), ct);
            if (owners.Exists(o => o.CanSignIn))
            {
                return null;
            }
            var id = owners.Count > 0 ? owners[0].Id : Platform.Id.New();
            if (owners.Count == 0)
            {
                await accounts.InsertAsync(tx, id, Role.Owner, name: null, ct);
            }
            await audit.RecordAsync(tx, "staff.first_owner_invited", $"staff:{id}", null, ct);
            return await links.CreateAsync(tx, id, SignInLinks.FirstStart, ct);
        }, ct);
    }
}
