namespace Wellmet.Science.Recommenders;

/// <summary>What owning one item says about others.</summary>
/// <param name="items">Items, ascending.</param>
/// <param name="values">One weight per item.</param>
public readonly ref struct WeightRow(ReadOnlySpan<int> items, ReadOnlySpan<float> values)
{
    /// <summary>Items, ascending.</summary>
    public ReadOnlySpan<int> Items { get; } = items;

    /// <summary>One weight per item.</summary>
    public ReadOnlySpan<float> Values { get; } = values;

    /// <summary>The weight of one item; 0 where nothing is said. Binary search.</summary>
    public float this[int item] => Items.BinarySearch(item) is var at and >= 0 ? Values[at] : 0;
}

/// <summary>Item-item weights that <see cref="ForYou"/> reads: trained once, or kept current. Reading is safe from any number of threads.</summary>
public interface IItemWeights
{
    /// <summary>Number of items.</summary>
    int ItemCount { get; }

    /// <summary>What owning an item says about others, as of now.</summary>
    WeightRow RowOf(int item);
}
