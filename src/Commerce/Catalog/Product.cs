using Wellmet.Commerce.Contract;

namespace Wellmet.Commerce.Catalog;

/// <summary>A product as the catalogue keeps it, with what a person may change.</summary>
public sealed class Product
{
    public Guid ProductId { get; init; }
    public string Sku { get; init; } = "";
    public string Name { get; set; } = "";
    public ProductType Type { get; private set; }
    public TypeSource TypeSource { get; private set; }
    public string? Kind { get; private set; }
    public TypeSource KindSource { get; private set; }
    public Guid? CategoryId { get; set; }
    public bool Active { get; set; }

    /// <summary>A type that was inferred stays so where nothing changes.</summary>
    public void SetType(ProductType type)
    {
        if (type != Type)
        {
            (Type, TypeSource) = (type, TypeSource.Set);
        }
    }

    public void SetKind(string? kind)
    {
        if (kind != Kind)
        {
            (Kind, KindSource) = (kind, TypeSource.Set);
        }
    }
}

/// <summary>A group of products, by the shop's own word.</summary>
public sealed class Category
{
    public Guid CategoryId { get; init; }
    public string Name { get; init; } = "";
}
