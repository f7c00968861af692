namespace Wellmet.Platform.Access.Sessions;

/// <summary>How long a session lives (ASVS 5.0 V7.3).</summary>
/// <param name="Idle">Without a request.</param>
/// <param name="Absolute">At most, however busy.</param>
public sealed record SessionLimits(TimeSpan Idle, TimeSpan Absolute)
{
    /// <summary>The owner may do everything, so an owner's session is short.</summary>
    public static SessionLimits Of(Role role) => role == Role.Owner
        ? new(TimeSpan.FromMinutes(30), TimeSpan.FromHours(12))
        : new(TimeSpan.FromHours(8), TimeSpan.FromDays(7));

    /// <summary>For how long a proof of identity serves a sensitive act: to open its page, and to send it.</summary>
    public static readonly TimeSpan RecentToOpen = TimeSpan.FromMinutes(10), RecentToAct = TimeSpan.FromMinutes(30);

    /// <summary>The longest of all: what is older can be deleted unread.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);
}
