using Wellmet.Science.Recommenders.Texts;

namespace Wellmet.Science.Recommenders.ColdStart;

/// <summary>How the weights of little-known items are made up.</summary>
public sealed record NewItemWeightsSettings
{
    /// <summary>Buyers at which an item's own weights count half.</summary>
    public double HalfKnown { get; init; } = 20;

    /// <summary>What the weights of items with similar texts count, in [0, 1].</summary>
    public float Trust { get; init; } = 0.6f;

    /// <summary>So many of them.</summary>
    public int Neighbours { get; init; } = 10;

    /// <summary>Texts less alike than this say nothing.</summary>
    public float MinCosine { get; init; } = 0.2f;

    /// <summary>Items with fewer buyers are no neighbours, for they know nothing themselves.</summary>
    public int MinBuyers { get; init; } = 20;

    /// <summary>Items that speak for one item, at most.</summary>
    public int MaxEntries { get; init; } = 200;
}

/// <summary>
/// Gives items that few or nobody bought the weights of items with similar texts: b_j = n / (n + 20) b_j + 20 / (n + 20) × 0.6 × the mean of its
/// nearest known items' columns, n being its buyers. So a product can be recommended on the day it comes.
/// </summary>
public static class NewItemWeights
{
    /// <summary>The weights of all items, those that came after training included.</summary>
    /// <param name="weights">Items × items of training; row = the item owned, column = the item recommended.</param>
    /// <param name="buyers">Customers of each item of training.</param>
    /// <param name="texts">All items: those of training first, in their order, then the new ones.</param>
    /// <param name="settings">Null for the defaults.</param>
    /// <param name="run">Threads and cancellation.</param>
    /// <exception cref="ArgumentException">The numbers of items do not fit.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static SparseMatrix Blend(SparseMatrix weights, int[] buyers, SimilarTexts texts, NewItemWeightsSettings? settings = null, TrainingRun run = default)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(buyers);
        ArgumentNullException.ThrowIfNull(texts);
        if (weights.RowCount != weights.ColumnCount || buyers.Length != weights.RowCount || texts.Vectors.Count < weights.RowCount)
        {
            throw new ArgumentException($"Weights are {weights.RowCount} × {weights.ColumnCount}, with buyers of {buyers.Length} and texts of {texts.Vectors.Count} items.");
        }

        settings ??= new NewItemWeightsSettings();
        var (all, columns) = (texts.Vectors.Count, weights.Transpose());
        var known = new ItemSet(all, Enumerable.Range(0, buyers.Length).Where(item => buyers[item] >= settings.MinBuyers));
        var blended = new Neighbour[all][];
        ItemLoop.Run(
            all, run, () => new Scratch(all, settings),
            (item, scratch) => blended[item] = scratch.Column(item, item < buyers.Length ? buyers[item] : 0, columns, texts, known));
        return FromColumns(blended);
    }

    private static SparseMatrix FromColumns(Neighbour[][] columns)
    {
        int[] offsets = [0, .. columns.Select(column => column.Length)];
        RowOffsets.Accumulate(offsets);
        return new SparseMatrix(columns.Length, offsets, [.. columns.SelectMany(c => c.Select(e => e.Item))], [.. columns.SelectMany(c => c.Select(e => e.Score))]).Transpose();
    }

    private sealed class Scratch(int itemCount, NewItemWeightsSettings settings)
    {
        private readonly float[] _sums = new float[itemCount];
        private readonly SortedSet<int> _touched = [];
        private readonly Neighbour[] _near = new Neighbour[settings.Neighbours];

        public Neighbour[] Column(int item, int buyers, SparseMatrix columns, SimilarTexts texts, ItemSet known)
        {
            _touched.Clear();
            var own = (float)(buyers / (buyers + settings.HalfKnown));
            Add(item, own, item, columns);
            var count = Near(item, texts, known);
            foreach (var near in _near.AsSpan(0, count))
            {
                Add(near.Item, (1 - own) * settings.Trust / count, item, columns);
            }

            var best = new BoundedRanking(Math.Max(settings.MaxEntries, item < columns.RowCount ? columns.RowLength(item) : 0));
            foreach (var owned in _touched)
            {
                // The weakest fall out, whether they speak for the item or against it.
                best.Offer(new Neighbour(owned, Math.Abs(_sums[owned])));
            }

            Neighbour[] column = [.. best.Take().Select(entry => new Neighbour(entry.Item, _sums[entry.Item])).OrderBy(entry => entry.Item)];
            foreach (var owned in _touched)
            {
                _sums[owned] = 0;
            }

            return column;
        }

        private int Near(int item, SimilarTexts texts, ItemSet known)
        {
            var count = texts.Nearest(item, known, _near);
            while (count > 0 && _near[count - 1].Score < settings.MinCosine)
            {
                count--;
            }

            return count;
        }

        private void Add(int from, float weight, int to, SparseMatrix columns)
        {
            if (from >= columns.RowCount || weight == 0)
            {
                return;
            }

            var owned = columns.Columns(from);
            var values = columns.Values(from);
            for (var at = 0; at < owned.Length; at++)
            {
                if (owned[at] != to)
                {
                    _touched.Add(owned[at]);
                    _sums[owned[at]] += weight * values[at];
                }
            }
        }
    }
}
