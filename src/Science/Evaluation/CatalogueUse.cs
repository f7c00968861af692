namespace Wellmet.Science.Evaluation;

/// <summary>How much of a catalogue a system shows, counted over many lists. Not safe for several threads at once.</summary>
/// <param name="itemCount">Number of items that could be shown.</param>
public sealed class CatalogueUse(int itemCount)
{
    private readonly long[] _shown = new long[itemCount];

    /// <summary>How many items could be shown.</summary>
    public int ItemCount => itemCount;

    /// <summary>Counts one shown list.</summary>
    /// <param name="list">Distinct item indexes.</param>
    public void Add(ReadOnlySpan<int> list)
    {
        foreach (var item in list)
        {
            _shown[item]++;
        }
    }

    /// <summary>Counts an item that was shown so many times.</summary>
    /// <param name="item">Its index.</param>
    public void Add(int item, long times) => _shown[item] += times;

    /// <summary>Share of the items that were shown at least once, in [0, 1].</summary>
    public double Coverage => itemCount == 0 ? 0 : _shown.Count(shown => shown > 0) / (double)itemCount;

    /// <summary>Gini coefficient of the impressions: 0 where every item is shown equally often, up to 1 - 1/items where it is always the same one.</summary>
    public double Gini
    {
        get
        {
            var sorted = _shown.Order().ToArray();
            var (sum, weighted) = (0.0, 0.0);
            for (var at = 0; at < sorted.Length; at++)
            {
                sum += sorted[at];
                weighted += (double)(at + 1) * sorted[at];
            }

            return sum == 0 ? 0 : ((2 * weighted / sum) - sorted.Length - 1) / sorted.Length;
        }
    }

    /// <summary>Share of all impressions on the items shown most.</summary>
    /// <param name="share">How many of the items are meant, in (0, 1]; at least one item.</param>
    public double HeadShare(double share = 0.01)
    {
        var head = Math.Max(1, (int)Math.Round(share * itemCount));
        var all = _shown.Sum();
        return all == 0 ? 0 : _shown.OrderDescending().Take(head).Sum() / (double)all;
    }
}
