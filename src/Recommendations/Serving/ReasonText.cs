using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Ui;

namespace Wellmet.Recommendations.Serving;

/// <summary>A reason in words, as the customer would read it.</summary>
internal static class ReasonText
{
    public static string Of(RecommendationReason reason, Words words) => reason switch
    {
        { Kind: ReasonKind.BecauseBought or ReasonKind.BecauseViewed, Because: [var first, var second] } when IsMore(first) || IsMore(second) => words["Because {0} and {1}", Clause(first, words), Clause(second, words)],
        { Kind: ReasonKind.BecauseBought or ReasonKind.BecauseViewed, Because: [var only] } when IsMore(only) => words["Because {0}", Clause(only, words)],
        { Kind: ReasonKind.BecauseBought or ReasonKind.BecauseViewed, Because: [var first, var second] } => (first.Viewed, second.Viewed) switch
        {
            (false, false) => words["Because you bought {0} and {1}", first.Product.Name, second.Product.Name],
            (false, true) => words["Because you bought {0} and looked at {1}", first.Product.Name, second.Product.Name],
            (true, false) => words["Because you looked at {0} and bought {1}", first.Product.Name, second.Product.Name],
            (true, true) => words["Because you looked at {0} and {1}", first.Product.Name, second.Product.Name],
        },
        { Kind: ReasonKind.BecauseBought or ReasonKind.BecauseViewed, Because: [{ Viewed: true } only] } => words["Because you looked at {0}", only.Product.Name],
        { Kind: ReasonKind.BecauseBought or ReasonKind.BecauseViewed, Because: [var only] } => words["Because you bought {0}", only.Product.Name],
        { Kind: ReasonKind.BecauseBought } => words["Because of what you bought earlier"],
        { Kind: ReasonKind.BecauseViewed } => words["Because of what you looked at"],
        { Kind: ReasonKind.AlsoBought, Count: 0 } => words["Some customers bought both"],
        { Kind: ReasonKind.AlsoViewed, Count: 0 } => words["Some people looked at both"],
        { Kind: ReasonKind.BoughtTogether, Count: 0 } => words["Bought together in some orders"],
        { Kind: ReasonKind.AlsoBought } => words["{0} customers bought both", reason.Count],
        { Kind: ReasonKind.AlsoViewed } => words["{0} people looked at both", reason.Count],
        { Kind: ReasonKind.BoughtTogether } => words["Bought together in {0} orders", reason.Count],
        { Kind: ReasonKind.GoesWith } => words["Goes with it"],
        { Kind: ReasonKind.GoesWithBasket, Because: [var strongest, ..] } => words["Goes with {0}", strongest.Product.Name],
        { Kind: ReasonKind.Upsell, Because: [var than] } => words["A better model of {0}", than.Product.Name],
        { Kind: ReasonKind.Upsell } => words["A better model"],
        { Kind: ReasonKind.Pinned } => words["Chosen by the shop"],
        { Kind: ReasonKind.GoesWithBasket } => words["Goes with it"],
        { Kind: ReasonKind.Similar } => words["Something like it"],
        { Kind: ReasonKind.Viewed } => words["You looked at this"],
        { Kind: ReasonKind.BuyAgain, Count: 1 } => words["You bought this before"],
        { Kind: ReasonKind.BuyAgain } => words["You bought this {0} times", reason.Count],
        { Kind: ReasonKind.PopularNear, Country: { } country } => words["Popular in {0}", CountryCode.NameOf(country, words.Language)],
        { Kind: ReasonKind.Bestseller } => words["Many customers buy this now"],
        { Kind: ReasonKind.NotPersonalised } => words["Many customers buy this now; personal recommendations are turned off"],
        _ => words["From the catalogue"],
    };

    /// <summary>They did more than look at it, and did not buy it.</summary>
    private static bool IsMore(PurchaseEvidence evidence) => evidence.Did is InterestKind.Cart or InterestKind.WishList or InterestKind.HighRating;

    private static string Clause(PurchaseEvidence evidence, Words words) => evidence.Did switch
    {
        null => words["you bought {0}", evidence.Product.Name],
        InterestKind.Cart => words["you put {0} into the basket", evidence.Product.Name],
        InterestKind.WishList => words["you wished for {0}", evidence.Product.Name],
        InterestKind.HighRating => words["you rated {0} highly", evidence.Product.Name],
        _ => words["you looked at {0}", evidence.Product.Name],
    };
}
