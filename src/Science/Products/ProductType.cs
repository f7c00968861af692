namespace Wellmet.Science.Products;

/// <summary>How often one customer wants the same type of product.</summary>
public enum ProductKind
{
    /// <summary>Once for a long time: a lamp, a kettle. The default, because offering a second one by mistake is what annoys.</summary>
    Durable,

    /// <summary>Again when it is used up: candles, paper, food.</summary>
    Consumable,

    /// <summary>Another one, but not the same one: books, games, jewellery, pictures, ornaments, clothes.</summary>
    Collectable,
}

/// <summary>What a product is.</summary>
/// <param name="Kind">How often it is wanted.</param>
/// <param name="Noun">The type as an English noun in the singular and in lower case, such as "lantern"; null where it cannot be told.</param>
public readonly record struct ProductType(ProductKind Kind, string? Noun);
