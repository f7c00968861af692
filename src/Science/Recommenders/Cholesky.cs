namespace Wellmet.Science.Recommenders;

/// <summary>
/// Solves A x = b for a symmetric positive definite A of a few hundred rows: Cholesky A = Uᵀ U in single precision, four rows at a time, with SIMD.
/// The buffers are kept from call to call; one instance per thread.
/// </summary>
/// <param name="matrix">Where A is put and its factor found, with as many rows as the largest A.</param>
internal sealed class Cholesky(DenseMatrix matrix)
{
    public Cholesky(int maxSize)
        : this(DenseMatrix.ForColumns(maxSize, maxSize))
    {
    }

    /// <summary>Row <paramref name="row"/> of A, to be filled before <see cref="TryFactor"/>; only columns from the diagonal on are read.</summary>
    public Span<float> Row(int row) => matrix.Row(row);

    /// <summary>Overwrites A with its factor and <paramref name="b"/> with the solution. False where A is not positive definite; b is then unchanged.</summary>
    public bool TrySolve(int size, Span<float> b)
    {
        if (!TryFactor(size))
        {
            return false;
        }

        Solve(size, b);
        return true;
    }

    /// <summary>Overwrites A with its factor U. False where A is not positive definite.</summary>
    public bool TryFactor(int size)
    {
        for (var row = 0; row < size; row += Dense.TileRows)
        {
            SubtractEarlierRows(row, size);
            if (!TryFinish(row, Math.Min(size, row + Dense.TileRows), size))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Overwrites <paramref name="b"/> with the solution, from the factor.</summary>
    public void Solve(int size, Span<float> b)
    {
        for (var row = 0; row < size; row++)
        {
            b[row] /= Row(row)[row];
            Dense.AddScaled(-b[row], Row(row)[(row + 1)..size], b[(row + 1)..size]);
        }

        for (var row = size - 1; row >= 0; row--)
        {
            var u = Row(row);
            b[row] = (b[row] - Dense.Dot(u[(row + 1)..size], b[(row + 1)..size])) / u[row];
        }
    }

    /// <summary>The inverse of the factor, upper triangular: U⁻¹ with A⁻¹ = U⁻¹ U⁻ᵀ.</summary>
    public DenseMatrix InvertFactor(int size)
    {
        var inverse = new DenseMatrix(size, size);
        for (var row = size - 1; row >= 0; row--)
        {
            var u = Row(row);
            var target = inverse.Row(row);
            for (var k = row + 1; k < size; k++)
            {
                Dense.AddScaled(-u[k], inverse.Row(k), target);
            }

            target[row] = 1;
            Scale(target, 1 / u[row]);
        }

        return inverse;
    }

    /// <summary>Takes Σ over k before row of U[k, rows] U[k, columns] off a strip of four rows; what lies left of the diagonal is never read.</summary>
    private void SubtractEarlierRows(int row, int size)
    {
        var (values, stride) = (matrix.Values, matrix.Stride);
        for (var column = row / Dense.TileColumns * Dense.TileColumns; column < size; column += Dense.TileColumns)
        {
            Dense.Accumulate(new Dense.Factor(ref values[row], 1, stride), ref values[column], stride, ref values[row * stride + column], stride, row, -1);
        }
    }

    private bool TryFinish(int from, int to, int size)
    {
        for (var row = from; row < to; row++)
        {
            var u = Row(row);
            for (var k = from; k < row; k++)
            {
                Dense.AddScaled(-Row(k)[row], Row(k)[row..size], u[row..size]);
            }

            if (!(u[row] > 0))
            {
                return false;
            }

            Scale(u[row..size], 1 / MathF.Sqrt(u[row]));
        }

        return true;
    }

    private static void Scale(Span<float> values, float factor)
    {
        foreach (ref var value in values)
        {
            value *= factor;
        }
    }
}
