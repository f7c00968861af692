using System.Text.RegularExpressions;
using Wellmet.Recommendations.Serving;

namespace Wellmet.Recommendations.Placements;

/// <summary>Where a placement's products come from.</summary>
public enum PlacementSource
{
    /// <summary>What a customer's purchases speak for.</summary>
    ForYou,

    /// <summary>What a customer will want again by now.</summary>
    BuyAgain,

    /// <summary>What a customer looked at last.</summary>
    RecentlyViewed,

    /// <summary>What goes with a customer's last order.</summary>
    AfterPurchase,

    /// <summary>What goes with the products of a basket.</summary>
    Basket,

    /// <summary>Better models of the products of a basket.</summary>
    Upsell,

    /// <summary>What people look at next who looked at some products in this visit.</summary>
    ThisVisit,

    /// <summary>What buyers of a product bought, too.</summary>
    AlsoBought,

    /// <summary>What people who looked at a product looked at, too.</summary>
    AlsoViewed,

    /// <summary>What is in the same orders as a product.</summary>
    BoughtTogether,

    /// <summary>What goes with a product.</summary>
    GoesWith,

    /// <summary>What is like a product.</summary>
    Similar,

    /// <summary>What sells best where somebody lives.</summary>
    NearYou,

    /// <summary>What sells best now.</summary>
    Bestsellers,
}

/// <summary>For whom, or beside what, the sources are.</summary>
internal static class PlacementSources
{
    extension(PlacementSource source)
    {
        public bool IsOfCustomer => source is PlacementSource.ForYou or PlacementSource.BuyAgain or PlacementSource.RecentlyViewed or PlacementSource.AfterPurchase;

        /// <summary>Whether it is asked with several products, and the customer where they are known.</summary>
        public bool IsOfSeveral => source is PlacementSource.Basket or PlacementSource.Upsell or PlacementSource.ThisVisit;

        /// <summary>Whether it can answer at the other's place: what that one is asked with is enough for it.</summary>
        public bool FitsPlaceOf(PlacementSource other) => source is PlacementSource.Bestsellers or PlacementSource.NearYou
            || (source.IsOfCustomer, source.IsOfProduct, source.IsOfSeveral) == (other.IsOfCustomer, other.IsOfProduct, other.IsOfSeveral) && other is not (PlacementSource.Bestsellers or PlacementSource.NearYou);

        public bool IsOfProduct => source is PlacementSource.AlsoBought or PlacementSource.AlsoViewed or PlacementSource.BoughtTogether or PlacementSource.GoesWith or PlacementSource.Similar;
    }
}

/// <summary>A place in the shop and what stands there.</summary>
/// <param name="Name">As it stands in the address: small letters, digits and hyphens.</param>
/// <param name="Fills">Whether what sells now fills the list where the source has too little, so that as many come as were asked for while the shop has them.</param>
/// <param name="ChangedAt">Null for one that stands as it came with the program.</param>
public sealed partial record Placement(string Name, PlacementSource Source, bool Fills, ListRules Rules, DateTimeOffset? ChangedAt = null)
{
    public const int LongestName = 40;

    /// <summary>The day (UTC) of the kept model that answers; null for the newest. Where there is none of the day any more, the newest answers.</summary>
    public DateOnly? ModelDay { get; init; }

    /// <summary>Rules for some of the customers: of the first segment that one belongs to.</summary>
    public IReadOnlyList<SegmentRules> ForSegments { get; init; } = [];

    /// <summary>More of the shop's own are not kept.</summary>
    public const int Most = 100;

    /// <summary>Those that every shop has.</summary>
    public static readonly IReadOnlyList<Placement> BuiltIn =
    [
        new("for-you", PlacementSource.ForYou, true, ListRules.None),
        new("buy-again", PlacementSource.BuyAgain, false, ListRules.None),
        new("recently-viewed", PlacementSource.RecentlyViewed, false, ListRules.None),
        new("after-purchase", PlacementSource.AfterPurchase, true, ListRules.None),
        new("basket", PlacementSource.Basket, true, ListRules.None),
        new("upsell", PlacementSource.Upsell, false, ListRules.None),
        new("this-visit", PlacementSource.ThisVisit, true, ListRules.None),
        new("also-bought", PlacementSource.AlsoBought, true, ListRules.None),
        new("also-viewed", PlacementSource.AlsoViewed, true, ListRules.None),
        new("bought-together", PlacementSource.BoughtTogether, true, ListRules.None),
        new("goes-with", PlacementSource.GoesWith, false, ListRules.None),
        new("similar", PlacementSource.Similar, false, ListRules.None),
        new("near-you", PlacementSource.NearYou, true, ListRules.None),
        new("bestsellers", PlacementSource.Bestsellers, true, ListRules.None),
    ];

    /// <summary>The one that came with the program under this name; null for a shop's own.</summary>
    public static Placement? BuiltInOf(string name) => BuiltIn.FirstOrDefault(p => p.Name == name);

    /// <summary>What stands under these names beside the placements of the API is something else.</summary>
    public static readonly IReadOnlySet<string> Reserved = new HashSet<string> { "batch", "opinions", "page", "predictions", "prospects", "rerank", "suggestions" };

    public bool IsBuiltIn => BuiltInOf(Name) is not null;

    public static bool IsName(string name) => name.Length <= LongestName && NameForm().IsMatch(name);

    [GeneratedRegex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", RegexOptions.None, 1000)]
    private static partial Regex NameForm();
}
