namespace Wellmet.Science.Recommenders;

/// <summary>One item's entries in ascending order of item.</summary>
internal readonly record struct SortedRow(int[] Items, float[] Values)
{
    public static readonly SortedRow Empty = new([], []);

    /// <summary>Puts the rows together; row r of the result is <paramref name="rows"/>[r].</summary>
    public static SparseMatrix ToMatrix(SortedRow[] rows, int columnCount)
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
/// The weighted co-occurrence G = Xᵀ diag(d^-a) X, each row cut to its closest entries by cosine G_ij / sqrt(G_ii G_jj).
/// </summary>
internal sealed class Gram
{
    private readonly SortedRow[] _rows;
    private readonly float[] _diagonal;

    public Gram(Interactions interactions, float userExponent, int rowLength, TrainingRun run)
    {
        var weights = new float[interactions.UserCount];
        for (var user = 0; user < weights.Length; user++)
        {
            weights[user] = MathF.Pow(Math.Max(1, interactions.Users.RowLength(user)), -userExponent);
        }

        _diagonal = SumWeights(interactions.Items, weights);
        _rows = new SortedRow[interactions.ItemCount];
        ItemLoop.Run(
            interactions.ItemCount,
            run,
            () => new Scratch(new CoOccurrence(interactions.Users, interactions.Items, weights), new BoundedRanking(rowLength)),
            (item, scratch) => _rows[item] = CutRow(item, scratch));
    }

    public int ItemCount => _rows.Length;

    public float Diagonal(int item) => _diagonal[item];

    public SortedRow Row(int item) => _rows[item];

    /// <summary>The closest items in ascending order, with copies of their entries.</summary>
    public SortedRow Closest(int item, int count)
    {
        var row = _rows[item];
        var best = new BoundedRanking(Math.Min(count, row.Items.Length));
        for (var at = 0; at < row.Items.Length; at++)
        {
            best.Offer(new Neighbour(at, Cosine(item, row.Items[at], row.Values[at])));
        }

        var places = Array.ConvertAll(best.Take(), entry => entry.Item);
        Array.Sort(places);
        return new SortedRow(Array.ConvertAll(places, at => row.Items[at]), Array.ConvertAll(places, at => row.Values[at]));
    }

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

    private SortedRow CutRow(int item, Scratch scratch)
    {
        var (row, best) = scratch;
        row.MoveTo(item);
        foreach (var other in row.Touched)
        {
            if (other != item)
            {
                best.Offer(new Neighbour(other, Cosine(item, other, row.Sums[other])));
            }
        }

        var kept = best.Take();
        var items = Array.ConvertAll(kept, entry => entry.Item);
        Array.Sort(items);
        var values = new float[items.Length];
        for (var at = 0; at < items.Length; at++)
        {
            values[at] = row.Sums[items[at]];
        }

        return new SortedRow(items, values);
    }

    private float Cosine(int a, int b, float together) => together / MathF.Sqrt(_diagonal[a] * _diagonal[b]);

    private sealed record Scratch(CoOccurrence Row, BoundedRanking Best);
}
