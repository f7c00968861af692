using Wellmet.Platform.Access.SignIns;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Platform.Access.Staff;

/// <summary>Adds somebody to the staff with a role; they choose e-mail address and password themselves, by a link.</summary>
public sealed class InviteStaff(Database database, KeyStore keys, SignInLinks links, CurrentActor actor, AuditLog audit)
{
    /// <param name="Name">How the list shows them until they have signed in.</param>
    public sealed record Request(Role Role, string? Name);

    /// <param name="Link">To be handed over by a safe way; valid for 72 hours, not shown again.</param>
    public sealed record Answer(Guid StaffId, Uri Link);

    public async Task<Answer> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(AccessPermissions.ManageStaff);
        var name = StaffAccounts.DemandName(request.Name);
        var id = Platform.Id.New();
        var opened = await keys.KeysAsync([id], create: true, ct);
        return await database.WriteAsync(async tx =>
        {
            await tx.ExecuteAsync("insert into access_staff (id, role, name, created_at) values (@id, @Role, @name, @now)",
                new { id, request.Role, name = opened.Seal(id, StaffMember.Columns.Name, name), now = audit.Now }, ct);
            await audit.RecordAsync(tx, "staff.invited", $"staff:{id}", null, ct, EnumText.Of(request.Role));
            return new Answer(id, await links.CreateAsync(tx, id, SignInLinks.Invitation, ct));
        }, ct);
    }
}
