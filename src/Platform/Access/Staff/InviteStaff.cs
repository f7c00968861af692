using Wellmet.Platform.Access.SignIns;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.Staff;

/// <summary>Adds somebody to the staff with a role; they choose e-mail address and password themselves, by a link.</summary>
public sealed class InviteStaff(Database database, StaffAccounts accounts, SignInLinks links, CurrentActor actor, AuditLog audit)
{
    /// <param name="Name">How the list shows them until they have signed in.</param>
    public sealed record Request(Role Role, string? Name);

    /// <param name="Link">To be handed over by a safe way; valid for 72 hours, not shown again.</param>
    public sealed record Answer(Guid StaffId, Uri Link);

    public async Task<Answer> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(AccessPermissions.ManageStaff);
        var id = Platform.Id.New();
        var name = await accounts.SealNameAsync(id, request.Name, ct);
        return await database.WriteAsync(async tx =>
        {
            await accounts.InsertAsync(tx, id, request.Role, name, ct);
            await audit.RecordAsync(tx, "staff.invited", $"staff:{id}", null, ct, EnumText.Of(request.Role));
            return new Answer(id, await links.CreateAsync(tx, id, SignInLinks.Invitation, ct));
        }, ct);
    }
}
