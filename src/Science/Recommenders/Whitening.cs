namespace Wellmet.Science.Recommenders;

/// <summary>
/// Changes the basis of factors Y so that YᵀY + λ I becomes the identity: H = Y U⁻¹ with the Cholesky factor UᵀU = YᵀY + λ I. With λ = 0 the columns
/// of H are orthonormal ("Cholesky QR"). For factors of <see cref="ImplicitAls"/> the inner product h_i·h_j is y_iᵀ (YᵀY + λ I)⁻¹ y_j, all that
/// solving for a customer needs.
/// </summary>
internal static class Whitening
{
    /// <summary>Rows whose products are summed before the sums are added up: they fit the second-level cache.</summary>
    private const int ChunkRows = 256;

    /// <summary>How many rows a thread takes at once when it adds up chunks.</summary>
    private const int Chunks = 16;

    public static DenseMatrix Apply(DenseMatrix factors, float lambda, TrainingRun run)
    {
        var gram = Gram(factors, lambda, run);
        var cholesky = new Cholesky(gram);
        if (!cholesky.TryFactor(gram.Rows))
        {
            throw new ArithmeticException($"The {factors.Rows} × {factors.Columns} factors are linearly dependent.");
        }

        var inverse = Dense.Pack(cholesky.InvertFactor(gram.Rows));
        var whitened = new DenseMatrix(factors.Rows, factors.Columns);
        ItemLoop.Run((factors.Rows + Dense.TileRows - 1) / Dense.TileRows, run, () => 0, (tile, _) =>
        {
            var length = Dense.TileRows * factors.Stride;
            Dense.MultiplyAdd(factors.Values.AsSpan(tile * length, length), inverse, whitened.Values.AsSpan(tile * length, length), factors.Stride, gram.Rows);
        });
        return whitened;
    }

    /// <summary>YᵀY + λ I, in an order of summation that does not depend on threads.</summary>
    public static DenseMatrix Gram(DenseMatrix factors, float lambda, TrainingRun run)
    {
        var chunks = (factors.Rows + ChunkRows - 1) / ChunkRows;
        var parts = new DenseMatrix[Math.Min(chunks, Chunks)];
        Parallel.For(0, parts.Length, run.Options, part =>
        {
            parts[part] = new DenseMatrix(factors.Columns, factors.Columns);
            for (var chunk = part; chunk < chunks; chunk += parts.Length)
            {
                AddChunk(factors, chunk * ChunkRows, Math.Min(factors.Rows, (chunk + 1) * ChunkRows), parts[part]);
            }
        });
        var gram = new DenseMatrix(factors.Columns, factors.Columns);
        foreach (var part in parts)
        {
            Dense.AddScaled(1, part.Values, gram.Values);
        }

        for (var at = 0; at < gram.Rows; at++)
        {
            gram.Row(at)[at] += lambda;
        }

        return gram;
    }

    private static void AddChunk(DenseMatrix factors, int from, int to, DenseMatrix gram)
    {
        var (values, stride) = (factors.Values, factors.Stride);
        for (var row = 0; row < gram.Rows; row += Dense.TileRows)
        {
            for (var column = 0; column < gram.Stride; column += Dense.TileColumns)
            {
                Dense.Accumulate(
                    new Dense.Factor(ref values[from * stride + row], 1, stride), ref values[from * stride + column], stride,
                    ref gram.Values[row * gram.Stride + column], gram.Stride, to - from, 1);
            }
        }
    }
}
