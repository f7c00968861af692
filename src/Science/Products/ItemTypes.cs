namespace Wellmet.Science.Products;

/// <summary>
/// The type of each item and how often a type is wanted. Immutable; reading allocates nothing.
/// </summary>
public sealed class ItemTypes
{
    private readonly int[] _types;
    private readonly ProductKind?[] _kinds;

    /// <param name="tree">The types.</param>
    /// <param name="types">The type of each item, or <see cref="TypeTree.None"/>; length = items.</param>
    /// <param name="kinds">
    /// What somebody who knows says of each type, the merchant or <see cref="ProductTypeInference"/>; null where nobody said, and evidence decides;
    /// length = types, or empty for null everywhere.
    /// </param>
    /// <exception cref="ArgumentException">A type is not in the tree, or the lengths do not fit.</exception>
    public ItemTypes(TypeTree tree, ReadOnlySpan<int> types, ReadOnlySpan<ProductKind?> kinds = default)
    {
        ArgumentNullException.ThrowIfNull(tree);
        if (!kinds.IsEmpty && kinds.Length != tree.Count)
        {
            throw new ArgumentException($"{tree.Count} types but {kinds.Length} kinds.", nameof(kinds));
        }

        foreach (var type in types)
        {
            if (type < TypeTree.None || type >= tree.Count)
            {
                throw new ArgumentException($"Type {type} is outside 0 to {tree.Count - 1}.", nameof(types));
            }
        }

        (Tree, _types, _kinds) = (tree, types.ToArray(), kinds.IsEmpty ? new ProductKind?[tree.Count] : kinds.ToArray());
    }

    /// <summary>The types and what is above them.</summary>
    public TypeTree Tree { get; }

    /// <summary>Number of items.</summary>
    public int ItemCount => _types.Length;

    /// <summary>Number of types.</summary>
    public int TypeCount => Tree.Count;

    /// <summary>The type of an item, or <see cref="TypeTree.None"/>; that, too, for an item that was not there when this was made.</summary>
    public int Of(int item) => (uint)item < (uint)_types.Length ? _types[item] : TypeTree.None;

    /// <summary>What was said of a type; null where nobody said.</summary>
    public ProductKind? KindSaid(int type) => _kinds[type];
}
