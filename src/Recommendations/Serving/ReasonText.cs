using Wellmet.Platform.Ui;

namespace Wellmet.Recommendations.Serving;

/// <summary>A reason in words, as the customer would read it.</summary>
internal static class ReasonText
{
    public static string Of(RecommendationReason reason, Words words) => reason switch
    {
        { Kind: ReasonKind.BecauseBought, Because: [var first, var second] } => words["Because you bought {0} and {1}", first.Product.Name, second.Product.Name],
        { Kind: ReasonKind.BecauseBought, Because: [var only] } => words["Because you bought {0}", only.Product.Name],
        { Kind: ReasonKind.BecauseBought } => words["Because of what you bought earlier"],
        { Kind: ReasonKind.AlsoBought } => words["{0} customers bought both", reason.Count],
        { Kind: ReasonKind.BoughtTogether } => words["Bought together in {0} orders", reason.Count],
        { Kind: ReasonKind.GoesWith } => words["Goes with it"],
        { Kind: ReasonKind.GoesWithBasket, Because: [var strongest, ..] } => words["Goes with {0}", strongest.Product.Name],
        { Kind: ReasonKind.Pinned } => words["Chosen by the shop"],
        { Kind: ReasonKind.GoesWithBasket } => words["Goes with it"],
        { Kind: ReasonKind.Similar } => words["Something like it"],
        { Kind: ReasonKind.BuyAgain, Count: 1 } => words["You bought this before"],
        { Kind: ReasonKind.BuyAgain } => words["You bought this {0} times", reason.Count],
        { Kind: ReasonKind.Bestseller } => words["Many customers buy this now"],
        { Kind: ReasonKind.NotPersonalised } => words["Many customers buy this now; personal recommendations are turned off"],
        _ => words["From the catalogue"],
    };
}
