using Wellmet.Science.Products;

namespace Wellmet.Science.Recommenders.Diversity;

/// <summary>How alike two items are. Implementations are safe for any number of threads and allocate nothing.</summary>
public interface IItemSimilarity
{
    /// <summary>0 for nothing in common to 1 for the same.</summary>
    float Between(int item, int other);
}

/// <summary>What lists must not have too much of. Immutable; reading allocates nothing.</summary>
public sealed class ItemTraits : IItemSimilarity
{
    /// <summary>Stands for "no brand known".</summary>
    public const int NoBrand = -1;

    private const float SameType = 0.8f, SameParent = 0.4f, SameBrand = 0.2f;

    private readonly int[] _brands;

    /// <param name="types">The items' types.</param>
    /// <param name="brands">The brand of each item or <see cref="NoBrand"/>; empty where brands are not known.</param>
    /// <param name="longTail">The items that few know: see <see cref="LongTail"/>; null for no floor.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public ItemTraits(ItemTypes types, ReadOnlySpan<int> brands = default, ItemSet? longTail = null)
    {
        ArgumentNullException.ThrowIfNull(types);
        if (!brands.IsEmpty && brands.Length != types.ItemCount)
        {
            throw new ArgumentException($"{types.ItemCount} items but {brands.Length} brands.", nameof(brands));
        }

        (Types, _brands, Tail) = (types, brands.ToArray(), longTail);
    }

    /// <summary>The items' types.</summary>
    public ItemTypes Types { get; }

    /// <summary>The items that few know.</summary>
    public ItemSet? Tail { get; }

    /// <summary>The brand of an item.</summary>
    public int BrandOf(int item) => (uint)item < (uint)_brands.Length ? _brands[item] : NoBrand;

    /// <summary>All items but the best sold ones that together make up <paramref name="headShare"/> of the sales.</summary>
    /// <param name="sales">Sales of each item.</param>
    /// <param name="headShare">In [0, 1].</param>
    public static ItemSet LongTail(ReadOnlySpan<float> sales, double headShare = 0.8)
    {
        var numbers = sales.ToArray();
        var (left, tail) = (headShare * numbers.Sum(sold => (double)sold), new ItemSet(numbers.Length));
        foreach (var item in Enumerable.Range(0, numbers.Length).OrderByDescending(item => numbers[item]).ThenBy(item => item))
        {
            if (left <= 0)
            {
                tail.Add(item);
            }

            left -= numbers[item];
        }

        return tail;
    }

    /// <summary>By type (0.8, or 0.4 for the same parent) and brand (0.2).</summary>
    public float Between(int item, int other)
    {
        var (type, otherType) = (Types.Of(item), Types.Of(other));
        var brand = BrandOf(item) != NoBrand && BrandOf(item) == BrandOf(other) ? SameBrand : 0;
        if (type == TypeTree.None || otherType == TypeTree.None)
        {
            return brand;
        }

        var parent = Types.Tree.ParentOf(type);
        return brand + (type == otherType ? SameType : parent != TypeTree.None && parent == Types.Tree.ParentOf(otherType) ? SameParent : 0);
    }
}
