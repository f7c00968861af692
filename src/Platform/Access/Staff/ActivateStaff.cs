using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.Staff;

/// <summary>Undoes <see cref="DeactivateStaff"/>: they sign in again with the password they had.</summary>
public sealed class ActivateStaff(Database database, CurrentActor actor, AuditLog audit)
{
    /// <exception cref="ProblemException"><c>staff_unknown</c> (404).</exception>
    public Task RunAsync(Guid staffId, CancellationToken ct)
    {
        actor.Demand(AccessPermissions.ManageStaff);
        return database.WriteAsync(async tx =>
        {
            var member = await StaffDirectory.GetAsync(tx, staffId, ct);
            if (member.IsActive)
            {
                return;
            }
            await tx.ExecuteAsync("update access_staff set deactivated_at = null where id = @Id", new { member.Id }, ct);
            await audit.RecordAsync(tx, "staff.activated", $"staff:{member.Id}", null, ct);
        }, ct);
    }
}
