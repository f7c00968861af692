using Wellmet.Platform.Access;

namespace Wellmet.Segments.Contract;

/// <summary>Permissions of the Segments module.</summary>
public static class SegmentsPermissions
{
    /// <summary>See segments, who belongs to them, and why.</summary>
    public static readonly Permission Read = new("segments.read");

    /// <summary>Make, change and archive segments.</summary>
    public static readonly Permission Edit = new("segments.edit");
}
