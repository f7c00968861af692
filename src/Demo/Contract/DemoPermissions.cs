using Wellmet.Platform.Access;

namespace Wellmet.Demo.Contract;

/// <summary>Permissions of the Demo module.</summary>
public static class DemoPermissions
{
    /// <summary>Make and remove the demo shop. Owners only.</summary>
    public static readonly Permission Manage = new("demo.manage");
}
