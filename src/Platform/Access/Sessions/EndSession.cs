using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.Sessions;

/// <summary>Ends a session at once: one's own anywhere, or anybody's for those who manage staff.</summary>
public sealed class EndSession(Database database, CurrentActor actor, AuditLog audit)
{
    /// <exception cref="ProblemException"><c>session_unknown</c> (404), also for the session of somebody else.</exception>
    public Task RunAsync(Guid sessionId, CancellationToken ct) => database.WriteAsync(async tx =>
    {
        var holder = await tx.FirstAsync("select staff_id from access_sessions where id = @sessionId", new { sessionId }, r => r.GuidOrNull(0), ct);
        if (holder is null || (holder != actor.Value.StaffId && !actor.May(AccessPermissions.ManageStaff)))
        {
            throw new ProblemException("session_unknown", "This session has ended already.", 404);
        }
        await SessionStore.EndAsync(tx, sessionId, ct);
        await audit.RecordAsync(tx, "session.ended", $"staff:{holder}", null, ct);
    }, ct);
}
