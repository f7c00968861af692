namespace Wellmet.Science.Recommenders;

/// <summary>Why an item is recommended. Words are the caller's.</summary>
public enum ReasonCode
{
    /// <summary>Own purchases speak for it: the one or two strongest are named.</summary>
    Purchases = 1,

    /// <summary>Nothing personal is known for it; many customers buy it.</summary>
    Bestseller = 2,

    /// <summary>Nobody has bought it yet; it fills the list.</summary>
    Catalogue = 3,
}

/// <summary>The reason of one recommendation.</summary>
/// <param name="Code">What kind of reason.</param>
/// <param name="FirstItem">The purchase that contributes most, or -1.</param>
/// <param name="FirstContribution">Its part of the score.</param>
/// <param name="SecondItem">The next one, or -1 where only one purchase speaks for the item.</param>
/// <param name="SecondContribution">Its part of the score.</param>
public readonly record struct Reason(
    ReasonCode Code, int FirstItem = -1, float FirstContribution = 0, int SecondItem = -1, float SecondContribution = 0);

/// <summary>One recommended item.</summary>
/// <param name="Item">Product index.</param>
/// <param name="Score">The sum of the contributions of all purchases, above 0; 0 where the reason is not <see cref="ReasonCode.Purchases"/>. Only comparable inside one list.</param>
/// <param name="Reason">Why.</param>
public readonly record struct Recommendation(int Item, float Score, Reason Reason);
