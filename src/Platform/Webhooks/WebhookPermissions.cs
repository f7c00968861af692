using Wellmet.Platform.Access;

namespace Wellmet.Platform.Webhooks;

/// <summary>Permissions of outgoing webhooks.</summary>
public static class WebhookPermissions
{
    /// <summary>Say which programs hear of which events, and see what they were told.</summary>
    public static readonly Permission Manage = new("webhooks.manage");
}
