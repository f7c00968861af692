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

    /// <summary>What goes with a customer's last order.</summary>
    AfterPurchase,

    /// <summary>What goes with the products of a basket.</summary>
    Basket,

    /// <summary>What buyers of a product bought, too.</summary>
    AlsoBought,

    /// <summary>What is in the same orders as a product.</summary>
    BoughtTogether,

    /// <summary>What goes with a product.</summary>
    GoesWith,

    /// <summary>What is like a product.</summary>
    Similar,

    /// <summary>What sells best now.</summary>
    Bestsellers,
}

/// <summary>For whom, or beside what, the sources are.</summary>
internal static class PlacementSources
{
    extension(PlacementSource source)
    {
        public bool IsOfCustomer => source is PlacementSource.ForYou or PlacementSource.BuyAgain or PlacementSource.AfterPurchase;

        public bool IsOfProduct => source is PlacementSource.AlsoBought or PlacementSource.BoughtTogether or PlacementSource.GoesWith or PlacementSource.Similar;
    }
}

/// <summary>A place in the shop and what stands there.</summary>
/// <param name="Name">As it stands in the address: small letters, digits and hyphens.</param>
/// <param name="Fills">Whether what sells now fills the list where the source has too little, so that as many come as were asked for while the shop has them.</param>
/// <param name="ChangedAt">Null for one that stands as it came with the program.</param>
public sealed partial record Placement(string Name, PlacementSource Source, bool Fills, ListRules Rules, DateTimeOffset? ChangedAt = null)
{
    public const int LongestName = 40;

    /// <summary>More of the shop's own are not kept.</summary>
    public const int Most = 100;

    /// <summary>Those that every shop has.</summary>
    public static readonly IReadOnlyList<Placement> BuiltIn =
    [
        new("for-you", PlacementSource.ForYou, true, ListRules.None),
        new("buy-again", PlacementSource.BuyAgain, false, ListRules.None),
        new("after-purchase", PlacementSource.AfterPurchase, true, ListRules.None),
        new("basket", PlacementSource.Basket, true, ListRules.None),
        new("also-bought", PlacementSource.AlsoBought, true, ListRules.None),
        new("bought-together", PlacementSource.BoughtTogether, true, ListRules.None),
        new("goes-with", PlacementSource.GoesWith, false, ListRules.None),
        new("similar", PlacementSource.Similar, false, ListRules.None),
        new("bestsellers", PlacementSource.Bestsellers, true, ListRules.None),
    ];

    /// <summary>The one that came with the program under this name; null for a shop's own.</summary>
    public static Placement? BuiltInOf(string name) => BuiltIn.FirstOrDefault(p => p.Name == name);

    public bool IsBuiltIn => BuiltInOf(Name) is not null;

    public static bool IsName(string name) => name.Length <= LongestName && NameForm().IsMatch(name);

    [GeneratedRegex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", RegexOptions.None, 1000)]
    private static partial Regex NameForm();
}
