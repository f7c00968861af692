using Wellmet.Platform.Access;

namespace Wellmet.Insights.Contract;

/// <summary>Permissions of the Insights module.</summary>
public static class InsightsPermissions
{
    /// <summary>See the shop's figures: revenue, orders, customers, top products and countries.</summary>
    public static readonly Permission Read = new("insights.read");
}
