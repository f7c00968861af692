namespace Wellmet.Platform.Access;

/// <summary>Permissions of sign-in, staff, keys and the audit log.</summary>
public static class AccessPermissions
{
    public static readonly Permission ReadStaff = new("staff.read");

    /// <summary>Invite, change roles, deactivate, make sign-in links, end sessions of others.</summary>
    public static readonly Permission ManageStaff = new("staff.manage");

    /// <summary>Read and verify the audit log.</summary>
    public static readonly Permission ReadAudit = new("audit.read");

    /// <summary>See what receivers of the log refused for good, and let them try again.</summary>
    public static readonly Permission RepairLog = new("log.repair");

    public static readonly Permission ReadKeys = new("keys.read");

    /// <summary>Make, rotate and revoke the keys of programs.</summary>
    public static readonly Permission ManageKeys = new("keys.manage");

    /// <summary>Read the description of the API.</summary>
    public static readonly Permission ReadApi = new("api.read");

    /// <summary>Read the figures of the running program.</summary>
    public static readonly Permission ReadMetrics = new("metrics.read");

    /// <summary>Send events to the collection; what a write key may do, and nothing else.</summary>
    public static readonly Permission WriteEvents = new("events.write");
}
