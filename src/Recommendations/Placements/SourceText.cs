using Wellmet.Platform.Ui;

namespace Wellmet.Recommendations.Placements;

/// <summary>The sources of placements in words.</summary>
internal static class SourceText
{
    public static string Of(PlacementSource source, Words words) => source switch
    {
        PlacementSource.ForYou => words["What a customer's purchases speak for"],
        PlacementSource.BuyAgain => words["What a customer will want again by now"],
        PlacementSource.RecentlyViewed => words["What a customer looked at last"],
        PlacementSource.AfterPurchase => words["What goes with a customer's last order"],
        PlacementSource.Basket => words["What goes with the products of a basket"],
        PlacementSource.Upsell => words["Better models of the products of a basket"],
        PlacementSource.ThisVisit => words["What people look at next who looked at some products"],
        PlacementSource.AlsoBought => words["What buyers of a product bought, too"],
        PlacementSource.AlsoViewed => words["What people who looked at a product looked at, too"],
        PlacementSource.BoughtTogether => words["What is in the same orders as a product"],
        PlacementSource.GoesWith => words["What goes with a product"],
        PlacementSource.Similar => words["What is like a product"],
        PlacementSource.NearYou => words["What sells best where somebody lives"],
        _ => words["What sells best now"],
    };
}
