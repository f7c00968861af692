using Wellmet.Platform.Access.Sessions;
using Wellmet.Platform.Access.SignIns;

namespace Wellmet.Platform.Access.Staff;

/// <summary>The account of whoever is signed in: everybody may change their own, nobody that of another.</summary>
public sealed class OwnAccount(StaffDirectory directory, SignInAttempts attempts, PasswordCheck passwords, CurrentActor actor, CurrentSession session)
{
    public CurrentSession Session => session;

    /// <exception cref="ForbiddenException">Nobody is signed in.</exception>
    public async Task<StaffMember> GetAsync(CancellationToken ct) =>
        actor.Value.StaffId is { } id && await directory.FindAsync(id, ct) is { IsActive: true } member ? member : throw new ForbiddenException(AccessPermissions.ManageStaff);

    /// <exception cref="ProblemException"><c>password_wrong</c> (401), <c>sign_in_paused</c> (429).</exception>
    internal async Task DemandPasswordAsync(StaffMember member, string? password, CancellationToken ct)
    {
        await CountTryAsync(member, ct);
        if (!passwords.Verify(member, password ?? "").Right)
        {
            throw new ProblemException("password_wrong", "This is not your current password.", 401);
        }
    }

    internal Task CountTryAsync(StaffMember member, CancellationToken ct) =>
        attempts.CountAsync(SignInAttempts.SecondFactorOf(member.Id), session.Origin.Network, ct);
}
