using Wellmet.Commerce.Contract;
using Wellmet.Science.Products;
using ProductType = Wellmet.Commerce.Contract.ProductType;

namespace Wellmet.Commerce.Catalog;

/// <summary>Where a product's type or kind comes from.</summary>
public enum TypeSource
{
    /// <summary>From the words of its name.</summary>
    Inferred,

    /// <summary>A person, or a file that says it.</summary>
    Set,
}

/// <summary>What the name of a product says about it.</summary>
internal readonly record struct InferredType(ProductType Type, string? Kind)
{
    public static InferredType Of(string name)
    {
        var inferred = ProductTypeInference.Infer(name);
        var type = inferred.Kind switch
        {
            ProductKind.Consumable => ProductType.Consumable,
            ProductKind.Collectable => ProductType.Collectable,
            _ => ProductType.Durable,
        };
        return new InferredType(type, inferred.Noun);
    }
}
