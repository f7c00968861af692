using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.Staff;

/// <summary>Gives somebody another role; their sessions end.</summary>
public sealed class ChangeRole(Database database, CurrentActor actor, AuditLog audit)
{
    /// <summary>Who gets which role.</summary>
    /// <param name="Reason">For the audit log; null where none was given.</param>
    public sealed record Request(Guid StaffId, Role Role, string? Reason = null);

    /// <exception cref="ProblemException"><c>staff_unknown</c> (404), <c>last_owner</c> (409).</exception>
    public Task RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(AccessPermissions.ManageStaff);
        return database.WriteAsync(async tx =>
        {
            var member = await StaffDirectory.GetAsync(tx, request.StaffId, ct);
            if (member.Role == request.Role)
            {
                return;
            }
            await LastOwner.DemandAnotherAsync(tx, member, ct);
            await tx.ExecuteAsync("update access_staff set role = @Role where id = @StaffId", new { request.Role, request.StaffId }, ct);
            await SessionStore.EndAllAsync(tx, member.Id, except: null, ct);
            await audit.RecordAsync(tx, "staff.role_changed", $"staff:{member.Id}", request.Reason, ct, $"{EnumText.Of(member.Role)} to {EnumText.Of(request.Role)}");
        }, ct);
    }
}
