using Wellmet.Platform.Access;

namespace Wellmet.Privacy.Contract;

/// <summary>Permissions of the Privacy module.</summary>
public static class PrivacyPermissions
{
    /// <summary>See what a customer's data may be used for, and the consents with their proof.</summary>
    public static readonly Permission Read = new("consent.read");

    /// <summary>Record consents, objections and their withdrawal.</summary>
    public static readonly Permission Write = new("consent.write");

    /// <summary>Change the rules by which the gate decides.</summary>
    public static readonly Permission EditRules = new("consent.edit_rules");
}
