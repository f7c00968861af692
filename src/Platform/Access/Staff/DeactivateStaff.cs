using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Access.SignIns;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.Staff;

/// <summary>Somebody leaves: they cannot sign in any more, their sessions and links end at once. What they did stays in the audit log.</summary>
public sealed class DeactivateStaff(Database database, CurrentActor actor, AuditLog audit, TimeProvider time)
{
    /// <summary>Who leaves.</summary>
    /// <param name="Reason">For the audit log; null where none was given.</param>
    public sealed record Request(Guid StaffId, string? Reason = null);

    /// <exception cref="ProblemException"><c>staff_unknown</c> (404), <c>last_owner</c> (409).</exception>
    public Task RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(AccessPermissions.ManageStaff);
        return database.WriteAsync(async tx =>
        {
            var member = await StaffDirectory.GetAsync(tx, request.StaffId, ct);
            if (!member.IsActive)
            {
                return;
            }
            await LastOwner.DemandAnotherAsync(tx, member, ct);
            await tx.ExecuteAsync("update access_staff set deactivated_at = @now where id = @Id", new { now = time.GetUtcNow(), member.Id }, ct);
            await SessionStore.EndAllAsync(tx, member.Id, except: null, ct);
            await SignInLinks.EndAsync(tx, member.Id, ct);
            await audit.RecordAsync(tx, "staff.deactivated", $"staff:{member.Id}", request.Reason, ct);
        }, ct);
    }
}
