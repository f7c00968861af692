namespace Wellmet.Platform.Access;

/// <summary>
/// Who acts: a member of staff, another program by its key, or the program itself. Every use case asks it first (<see cref="Demand"/>), before it reads anything.
/// </summary>
public sealed class Actor
{
    /// <summary>The program itself: command line, jobs and receivers.</summary>
    public static readonly Actor System = new(null, "system", null, static _ => true);

    /// <summary>Nobody is signed in.</summary>
    public static readonly Actor Anonymous = new(null, "anonymous", null, static _ => false);

    private readonly Func<Permission, bool> holds;

    public Actor(Guid? staffId, string name, Role? role, Func<Permission, bool> holds)
    {
        StaffId = staffId;
        Name = name;
        Role = role;
        this.holds = holds;
    }

    public Guid? StaffId { get; }

    /// <summary>What the audit log shows: the staff member's id, <c>key:</c> and the key's id, or <c>system</c>; never an e-mail address.</summary>
    public string Name { get; }

    public Role? Role { get; }

    public bool May(Permission permission) => holds(permission);

    /// <exception cref="ForbiddenException">The actor lacks the permission; answered as 403.</exception>
    public void Demand(Permission permission)
    {
        if (!May(permission))
        {
            throw new ForbiddenException(permission);
        }
    }
}

/// <summary>The actor of the current scope: set from the session or the key by Access, <see cref="Actor.System"/> where there is no request.</summary>
public sealed class CurrentActor
{
    public Actor Value { get; set; } = Actor.Anonymous;

    public void Demand(Permission permission) => Value.Demand(permission);
    public bool May(Permission permission) => Value.May(permission);
}

/// <summary>The actor may not do this. Answered as 403 without saying whether the object exists.</summary>
public sealed class ForbiddenException(Permission permission) : Exception($"This needs the permission '{permission}'.")
{
    public Permission Permission { get; } = permission;
}
