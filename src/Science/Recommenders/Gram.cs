namespace Wellmet.Science.Recommenders;

/// <summary>One item's entries.</summary>
internal readonly record struct ItemRow(int[] Items, float[] Values)
{
    public static readonly ItemRow Empty = new([], []);

    /// <summary>Brings the entries into ascending order of item.</summary>
    public void Sort() => Items.AsSpan().Sort(Values.AsSpan());

    /// <summary>Puts sorted rows together; row r of the result is <paramref name="rows"/>[r].</summary>
    public static SparseMatrix ToMatrix(ItemRow[] rows, int columnCount)
    {
        var offsets = new int[rows.Length + 1];
        for (var row = 0; row < rows.Length; row++)
        {
            offsets[row + 1] = rows[row].Items.Length;
        }

        RowOffsets.Accumulate(offsets);
        var items = new int[offsets[^1]];
        var values = new float[offsets[^1]];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row].Items.CopyTo(items, offsets[row]);
            rows[row].Values.CopyTo(values, offsets[row]);
        }

        return new SparseMatrix(columnCount, offsets, items, values);
    }
}

/// <summary>
/// The weighted co-occurrence G = Xᵀ diag(d^-a) X without its diagonal, each row cut to its closest entries by cosine G_ij / sqrt(G_ii G_jj), the
/// closest first.
/// </summary>
internal sealed class Gram
{
    private readonly ItemRow[] _rows;
    private readonly float[] _diagonal;
    private readonly float[] _inverseRoots;
    private readonly int _rowLength;

    public Gram(Interactions interactions, float userExponent, int rowLength, TrainingRun run)
    {
        var weights = new float[interactions.UserCount];
        for (var user = 0; user < weights.Length; user++)
        {
            weights[user] = MathF.Pow(Math.Max(1, interactions.Users.RowLength(user)), -userExponent);
        }

        _diagonal = SumWeights(interactions.Items, weights);
        _rowLength = rowLength;
        _inverseRoots = Array.ConvertAll(_diagonal, sum => 1 / MathF.Sqrt(sum));
        _rows = new ItemRow[interactions.ItemCount];
        ItemLoop.Run(
            interactions.ItemCount,
            run,
            () => new Scratch(new CoOccurrence(interactions.Users, interactions.Items, weights), new float[interactions.ItemCount], new int[interactions.ItemCount]),
            (item, scratch) => _rows[item] = CutRow(item, scratch));
    }

    public int ItemCount => _rows.Length;

    public float Diagonal(int item) => _diagonal[item];

    public ItemRow Row(int item) => _rows[item];

    /// <summary>Whether entries of the row may be missing.</summary>
    public bool IsCut(int item) => _rows[item].Items.Length == _rowLength;

    private static float[] SumWeights(SparseMatrix items, float[] weights)
    {
        var sums = new float[items.RowCount];
        for (var item = 0; item < sums.Length; item++)
        {
            foreach (var user in items.Columns(item))
            {
                sums[item] += weights[user];
            }
        }

        return sums;
    }

    private ItemRow CutRow(int item, Scratch scratch)
    {
        var (row, distances, others) = scratch;
        row.MoveTo(item);
        var count = 0;
        foreach (var other in row.Touched)
        {
            if (other != item)
            {
                distances[count] = -row.Sums[other] * _inverseRoots[other];
                others[count++] = other;
            }
        }

        distances.AsSpan(0, count).Sort(others.AsSpan(0, count));
        var items = others.AsSpan(0, Math.Min(count, _rowLength)).ToArray();
        var values = new float[items.Length];
        for (var at = 0; at < items.Length; at++)
        {
            values[at] = row.Sums[items[at]];
        }

        return new ItemRow(items, values);
    }

    private sealed record Scratch(CoOccurrence Row, float[] Distances, int[] Others);
}
