namespace Wellmet.Platform.Access;

/// <summary>Permissions of sign-in, staff and the audit log.</summary>
public static class AccessPermissions
{
    public static readonly Permission ReadStaff = new("staff.read");

    /// <summary>Invite, change roles, deactivate, make sign-in links, end sessions of others.</summary>
    public static readonly Permission ManageStaff = new("staff.manage");

    /// <summary>Read and verify the audit log.</summary>
    public static readonly Permission ReadAudit = new("audit.read");
}
