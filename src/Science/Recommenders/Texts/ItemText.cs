namespace Wellmet.Science.Recommenders.Texts;

/// <summary>What is written about a product, in any language; no part is null.</summary>
/// <param name="Title">Its name.</param>
/// <param name="Attributes">Category, brand, colour, material …, parted by anything that is no letter.</param>
/// <param name="Description">The long text.</param>
public readonly record struct ItemText(string Title, string Attributes = "", string Description = "");
