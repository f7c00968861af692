using Wellmet.Platform.Access;

namespace Wellmet.Commerce.Contract;

/// <summary>Permissions of the Commerce module.</summary>
public static class CommercePermissions
{
    public static readonly Permission ReadProducts = new("products.read");
    public static readonly Permission EditProducts = new("products.edit");
    public static readonly Permission ReadOrders = new("orders.read");

    /// <summary>Record shipments, deliveries, returns and cancellations.</summary>
    public static readonly Permission EditOrders = new("orders.edit");
    public static readonly Permission EditStorefronts = new("storefronts.edit");

    /// <summary>Connect shop systems, see what comes from them, and see to what they ask for.</summary>
    public static readonly Permission EditConnections = new("connections.edit");
}
