using Wellmet.Science.Recommenders;

namespace Wellmet.Recommendations.Models;

/// <summary>
/// How many customers, or orders, hold both a product and its neighbour: what a reason says in words. Immutable.
/// </summary>
public sealed class SharedCounts
{
    private readonly int[] offsets;
    private readonly int[] counts;

    /// <param name="counts">One number per neighbour, product after product, in the order of the neighbours.</param>
    /// <exception cref="ArgumentException">There are more or fewer numbers than neighbours.</exception>
    public SharedCounts(Neighbours neighbours, int[] counts)
    {
        offsets = new int[neighbours.ItemCount + 1];
        for (var item = 0; item < neighbours.ItemCount; item++)
        {
            offsets[item + 1] = offsets[item] + neighbours.Of(item).Length;
        }
        if (offsets[^1] != counts.Length)
        {
            throw new ArgumentException($"{offsets[^1]} neighbours but {counts.Length} counts.", nameof(counts));
        }
        this.counts = counts;
    }

    /// <summary>All numbers, as the constructor takes them.</summary>
    public ReadOnlySpan<int> All => counts;

    /// <summary>One number per neighbour of the product, in their order.</summary>
    public ReadOnlySpan<int> Of(int item) => counts.AsSpan(offsets[item], offsets[item + 1] - offsets[item]);

    /// <summary>Counts anew.</summary>
    /// <param name="holders">Items × customers, or items × orders.</param>
    public static SharedCounts Count(Neighbours neighbours, SparseMatrix holders)
    {
        var counts = new List<int>();
        var held = new bool[holders.ColumnCount];
        for (var item = 0; item < neighbours.ItemCount; item++)
        {
            Mark(held, holders.Columns(item), true);
            foreach (var neighbour in neighbours.Of(item))
            {
                counts.Add(CountMarked(held, holders.Columns(neighbour.Item)));
            }
            Mark(held, holders.Columns(item), false);
        }
        return new SharedCounts(neighbours, [.. counts]);
    }

    private static void Mark(bool[] held, ReadOnlySpan<int> holders, bool value)
    {
        foreach (var holder in holders)
        {
            held[holder] = value;
        }
    }

    private static int CountMarked(bool[] held, ReadOnlySpan<int> holders)
    {
        var count = 0;
        foreach (var holder in holders)
        {
            count += held[holder] ? 1 : 0;
        }
        return count;
    }
}
