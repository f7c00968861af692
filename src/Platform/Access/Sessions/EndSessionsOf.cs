using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.Sessions;

/// <summary>Signs somebody on the staff out everywhere, e.g. when their laptop was stolen.</summary>
public sealed class EndSessionsOf(Database database, CurrentActor actor, AuditLog audit)
{
    /// <returns>How many sessions ended.</returns>
    /// <exception cref="ProblemException"><c>staff_unknown</c> (404).</exception>
    public Task<int> RunAsync(Guid staffId, CancellationToken ct)
    {
        actor.Demand(AccessPermissions.ManageStaff);
        return database.WriteAsync(async tx =>
        {
            var member = await StaffDirectory.GetAsync(tx, staffId, ct);
            await audit.RecordAsync(tx, "session.all_ended", $"staff:{member.Id}", null, ct);
            return await SessionStore.EndAllAsync(tx, member.Id, except: null, ct);
        }, ct);
    }
}
