namespace Wellmet.Science.Recommenders;

/// <summary>
/// A dense matrix of single-precision numbers, row after row. Rows are padded with zeros to whole vectors, and the matrix to whole tiles of
/// <see cref="Dense"/>, so that the loops have no remainders.
/// </summary>
internal sealed class DenseMatrix
{
    public DenseMatrix(int rows, int columns)
        : this(rows, columns, Dense.Padded(columns))
    {
    }

    /// <summary>Takes over values that were stored with their padding.</summary>
    /// <exception cref="ArgumentException">There are too many or too few.</exception>
    public DenseMatrix(int rows, int columns, float[] values)
    {
        (Rows, Columns, Stride, Values) = (rows, columns, Dense.Padded(columns), values);
        if (values.Length != Places(rows, Stride))
        {
            throw new ArgumentException($"{rows} × {columns} numbers do not take {values.Length} places.", nameof(values));
        }
    }

    private DenseMatrix(int rows, int columns, int stride) =>
        (Rows, Columns, Stride, Values) = (rows, columns, stride, new float[Places(rows, stride)]);

    /// <summary>
    /// A matrix whose rows are an odd number of tiles apart and have at least one place of padding: walking down its columns does not fall on the same
    /// few lines of the cache.
    /// </summary>
    public static DenseMatrix ForColumns(int rows, int columns) => new(rows, columns, Dense.Padded(columns + 1) | Dense.TileColumns);

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>Distance from one row to the next.</summary>
    public int Stride { get; }

    public float[] Values { get; }

    /// <summary>A row with its padding; length <see cref="Stride"/>.</summary>
    public Span<float> Row(int row) => Values.AsSpan(row * Stride, Stride);

    private static long Places(int rows, int stride) => ((long)rows + Dense.TileRows - 1) / Dense.TileRows * Dense.TileRows * stride;
}
