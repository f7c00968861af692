namespace Wellmet.Science.Recommenders;

/// <summary>
/// An immutable sparse matrix in compressed rows (CSR): for each row its column indexes in ascending order, and one float per index.
/// Holds at most 2^31 - 1 values. Safe to read from any number of threads.
/// </summary>
public sealed class SparseMatrix : IItemWeights
{
    private readonly int[] _offsets;
    private readonly int[] _columns;
    private readonly float[] _values;

    /// <summary>Takes over the three arrays, which must not be changed afterwards.</summary>
    /// <param name="columnCount">Number of columns.</param>
    /// <param name="offsets">Length rows + 1: row r lies at offsets[r] (inclusive) to offsets[r + 1] (exclusive).</param>
    /// <param name="columns">Column indexes, strictly ascending inside a row.</param>
    /// <param name="values">One value per column index.</param>
    /// <exception cref="ArgumentException">The arrays do not describe a sparse matrix.</exception>
    public SparseMatrix(int columnCount, int[] offsets, int[] columns, float[] values)
    {
        ArgumentNullException.ThrowIfNull(offsets);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(values);
        RowOffsets.Check(offsets, columns.Length);
        if (values.Length != columns.Length)
        {
            throw new ArgumentException($"{columns.Length} columns but {values.Length} values.", nameof(values));
        }

        for (var row = 0; row + 1 < offsets.Length; row++)
        {
            CheckRow(columns.AsSpan(offsets[row], offsets[row + 1] - offsets[row]), columnCount, row);
        }

        (ColumnCount, _offsets, _columns, _values) = (columnCount, offsets, columns, values);
    }

    /// <summary>Number of rows.</summary>
    public int RowCount => _offsets.Length - 1;

    /// <summary>Number of columns.</summary>
    public int ColumnCount { get; }

    /// <summary>Number of stored values.</summary>
    public int Count => _columns.Length;

    int IItemWeights.ItemCount => RowCount;

    internal ReadOnlySpan<int> Offsets => _offsets;

    internal ReadOnlySpan<int> AllColumns => _columns;

    internal ReadOnlySpan<float> AllValues => _values;

    /// <summary>The column indexes of a row, ascending.</summary>
    public ReadOnlySpan<int> Columns(int row) => _columns.AsSpan(_offsets[row], RowLength(row));

    /// <summary>The values of a row, in the order of <see cref="Columns"/>.</summary>
    public ReadOnlySpan<float> Values(int row) => _values.AsSpan(_offsets[row], RowLength(row));

    /// <inheritdoc/>
    public WeightRow RowOf(int item) => new(Columns(item), Values(item));

    /// <summary>Number of values stored in a row.</summary>
    public int RowLength(int row) => _offsets[row + 1] - _offsets[row];

    /// <summary>One cell; 0 where nothing is stored. Binary search in the row.</summary>
    public float this[int row, int column]
    {
        get
        {
            var at = Columns(row).BinarySearch(column);
            return at < 0 ? 0 : _values[_offsets[row] + at];
        }
    }

    /// <summary>The same cells by column.</summary>
    public SparseMatrix Transpose()
    {
        var offsets = RowOffsets.Count(_columns, ColumnCount);
        var next = offsets.AsSpan(0, ColumnCount).ToArray();
        var columns = new int[Count];
        var values = new float[Count];
        for (var row = 0; row < RowCount; row++)
        {
            for (var at = _offsets[row]; at < _offsets[row + 1]; at++)
            {
                var target = next[_columns[at]]++;
                columns[target] = row;
                values[target] = _values[at];
            }
        }

        return new SparseMatrix(RowCount, offsets, columns, values);
    }

    /// <summary>A matrix with every column multiplied by its factor.</summary>
    /// <param name="factors">One factor per column.</param>
    internal SparseMatrix ScaleColumns(ReadOnlySpan<float> factors)
    {
        var values = new float[Count];
        for (var at = 0; at < values.Length; at++)
        {
            values[at] = _values[at] * factors[_columns[at]];
        }

        return new SparseMatrix(ColumnCount, _offsets, _columns, values);
    }

    private static void CheckRow(ReadOnlySpan<int> columns, int columnCount, int row)
    {
        var previous = -1;
        foreach (var column in columns)
        {
            if (column <= previous || column >= columnCount)
            {
                throw new ArgumentException($"Row {row}: column {column} is out of order or outside 0 to {columnCount - 1}.", nameof(columns));
            }

            previous = column;
        }
    }
}
