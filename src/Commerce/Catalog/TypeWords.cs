using Wellmet.Commerce.Contract;
using Wellmet.Platform.Ui;

namespace Wellmet.Commerce.Catalog;

/// <summary>Types of products, for people.</summary>
internal static class TypeWords
{
    public static string Of(Words words, ProductType type) => type switch
    {
        ProductType.Consumable => words["Consumable"],
        ProductType.Collectable => words["Collectable"],
        _ => words["Durable"],
    };

    public static IEnumerable<(string Value, string Text)> Options(Words words) => Enum.GetValues<ProductType>().Select(t => (t.ToString(), Of(words, t)));

    public static string Of(Words words, TypeSource source) => source == TypeSource.Set ? words["Set by a person"] : words["Inferred from the name"];
}
