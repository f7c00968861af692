using Wellmet.Platform.Access.Staff;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Access.Sessions;

/// <summary>Signs oneself out everywhere else.</summary>
public sealed class EndOtherSessions(Database database, OwnAccount own, AuditLog audit)
{
    /// <returns>How many sessions ended.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        var member = await own.GetAsync(ct);
        return await database.WriteAsync(async tx =>
        {
            await audit.RecordAsync(tx, "session.others_ended", $"staff:{member.Id}", null, ct);
            return await SessionStore.EndAllAsync(tx, member.Id, except: own.Session.Id, ct);
        }, ct);
    }
}
