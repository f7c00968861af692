namespace Wellmet.Science.Recommenders;

/// <summary>A set of items as one bit each: what is in stock, allowed, of a category. Not safe to change while others read.</summary>
public sealed class ItemSet
{
    private readonly ulong[] _words;

    /// <summary>Makes the empty set over items 0 to <paramref name="itemCount"/> - 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public ItemSet(int itemCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(itemCount);
        ItemCount = itemCount;
        _words = new ulong[(itemCount + 63) / 64];
    }

    /// <summary>Makes the set of the given items.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An item is outside 0 to <paramref name="itemCount"/> - 1.</exception>
    public ItemSet(int itemCount, IEnumerable<int> items)
        : this(itemCount)
    {
        ArgumentNullException.ThrowIfNull(items);
        foreach (var item in items)
        {
            Add(item);
        }
    }

    /// <summary>Number of items that could be in the set.</summary>
    public int ItemCount { get; }

    /// <summary>Number of items in the set; counts the bits.</summary>
    public int Count => _words.Sum(word => System.Numerics.BitOperations.PopCount(word));

    /// <exception cref="ArgumentOutOfRangeException">The item is outside the set's range.</exception>
    public void Add(int item)
    {
        CheckRange(item);
        _words[item >> 6] |= 1UL << item;
    }

    /// <exception cref="ArgumentOutOfRangeException">The item is outside the set's range.</exception>
    public void Remove(int item)
    {
        CheckRange(item);
        _words[item >> 6] &= ~(1UL << item);
    }

    /// <summary>Whether the item is in the set; false for anything outside its range.</summary>
    public bool Contains(int item) => (uint)item < (uint)ItemCount && (_words[item >> 6] >> item & 1) != 0;

    private void CheckRange(int item)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(item);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(item, ItemCount);
    }
}
