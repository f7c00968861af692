using System.Collections.Frozen;

namespace Wellmet.Customers.Collection;

/// <summary>Names of e-commerce events in their dialects, each with its name by Segment's specification v2.</summary>
internal static class ShopEventNames
{
    private static readonly FrozenDictionary<string, string> Names = All().ToFrozenDictionary(n => n.Alias, n => n.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The name by the specification, or null for an event that is none of it.</summary>
    public static string? Of(string name) => Names.GetValueOrDefault(name);

    /// <summary>Whether a name of the specification is about an order.</summary>
    public static bool IsOfOrder(string name) => name is "Order Completed" or "Order Updated" or "Order Refunded" or "Order Cancelled";

    private static IEnumerable<(string Alias, string Name)> All()
    {
        string[] specified =
        [
            "Products Searched", "Product List Viewed", "Product List Filtered", "Promotion Viewed", "Promotion Clicked", "Product Clicked", "Product Viewed",
            "Product Added", "Product Removed", "Cart Viewed", "Checkout Started", "Checkout Step Viewed", "Checkout Step Completed", "Payment Info Entered",
            "Order Completed", "Order Updated", "Order Refunded", "Order Cancelled", "Coupon Entered", "Coupon Applied", "Coupon Denied", "Coupon Removed",
            "Product Added to Wishlist", "Product Removed from Wishlist", "Wishlist Product Added to Cart", "Product Shared", "Cart Shared", "Product Reviewed",
        ];
        (string, string)[] version1 =
        [
            ("Completed Order", "Order Completed"), ("Updated Order", "Order Updated"), ("Refunded Order", "Order Refunded"), ("Cancelled Order", "Order Cancelled"),
            ("Viewed Product", "Product Viewed"), ("Added Product", "Product Added"), ("Removed Product", "Product Removed"),
            ("Viewed Product Category", "Product List Viewed"), ("Started Checkout", "Checkout Started"), ("Order Canceled", "Order Cancelled"),
        ];
        (string, string)[] googleAnalytics =
        [
            ("purchase", "Order Completed"), ("refund", "Order Refunded"), ("view_item", "Product Viewed"), ("select_item", "Product Clicked"),
            ("view_item_list", "Product List Viewed"), ("search", "Products Searched"), ("view_search_results", "Products Searched"), ("add_to_cart", "Product Added"),
            ("remove_from_cart", "Product Removed"), ("view_cart", "Cart Viewed"), ("begin_checkout", "Checkout Started"), ("add_shipping_info", "Checkout Step Completed"),
            ("add_payment_info", "Payment Info Entered"), ("add_to_wishlist", "Product Added to Wishlist"), ("view_promotion", "Promotion Viewed"),
            ("select_promotion", "Promotion Clicked"),
        ];
        return specified.Select(n => (n, n)).Concat(version1).Concat(googleAnalytics);
    }
}
