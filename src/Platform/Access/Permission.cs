namespace Wellmet.Platform.Access;

/// <summary>One thing a member of staff may do, by its stable code, e.g. <c>customers.read</c>.</summary>
public readonly record struct Permission(string Code)
{
    public override string ToString() => Code;
}

/// <summary>A role is a named set of permissions; <see cref="Owner"/> holds all of them.</summary>
public enum Role
{
    Owner,
    Marketer,
    Agent,
    Analyst,
    Auditor,
}
