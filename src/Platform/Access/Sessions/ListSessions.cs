using Wellmet.Platform.Access.Staff;

namespace Wellmet.Platform.Access.Sessions;

/// <summary>A session as the list shows it.</summary>
/// <param name="IsThisOne">The one that asks.</param>
public sealed record SessionItem(Guid Id, Guid StaffId, string? Name, DateTimeOffset CreatedAt, DateTimeOffset SeenAt, Origin Origin, bool IsThisOne);

/// <summary>The sessions that are alive: one's own, or everybody's for those who manage staff.</summary>
public sealed class ListSessions(SessionStore sessions, StaffDirectory directory, CurrentActor actor, CurrentSession current)
{
    public async Task<IReadOnlyList<SessionItem>> RunAsync(CancellationToken ct)
    {
        var everybody = actor.May(AccessPermissions.ManageStaff);
        if (!everybody && actor.Value.StaffId is null)
        {
            throw new ForbiddenException(AccessPermissions.ManageStaff);
        }
        var found = await sessions.ListAsync(everybody ? null : actor.Value.StaffId, ct);
        var names = await directory.NamesAsync([.. found.Select(s => s.Member).DistinctBy(m => m.Id)], ct);
        return [.. found.Select(s => new SessionItem(s.Id, s.Member.Id, names[s.Member.Id], s.CreatedAt, s.SeenAt, s.Origin, s.Id == current.Id))];
    }
}
