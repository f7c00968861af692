namespace Wellmet.Platform;

/// <summary>Makes the ids of rows: UUID version 7 (RFC 9562), ordered by time.</summary>
public static class Id
{
    public static Guid New() => Guid.CreateVersion7();
}
