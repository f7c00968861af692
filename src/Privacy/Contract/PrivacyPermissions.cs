using Wellmet.Platform.Access;

namespace Wellmet.Privacy.Contract;

/// <summary>Permissions of the Privacy module.</summary>
public static class PrivacyPermissions
{
    /// <summary>See what a customer's data may be used for.</summary>
    public static readonly Permission Read = new("privacy.read");

    /// <summary>Record objections and their withdrawal.</summary>
    public static readonly Permission Edit = new("privacy.edit");
}
