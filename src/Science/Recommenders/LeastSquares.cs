namespace Wellmet.Science.Recommenders;

/// <summary>One half of a sweep of <see cref="ImplicitAls"/>: improves one side's factors while the other side's stand.</summary>
internal static class LeastSquares
{
    private const int Steps = 3;

    /// <summary>Rows solved side by side, so that the product with the other side's Gram matrix is one of matrices.</summary>
    private const int Batch = 16;

    /// <param name="factors">The side to improve.</param>
    /// <param name="others">The side that stands.</param>
    /// <param name="purchases">One row per row of <paramref name="factors"/>, columns in <paramref name="others"/>.</param>
    public static void Improve(DenseMatrix factors, DenseMatrix others, SparseMatrix purchases, ImplicitAlsSettings settings, TrainingRun run)
    {
        var gram = Dense.Pack(Whitening.Gram(others, settings.Regularization, run));
        ItemLoop.Run(
            (factors.Rows + Batch - 1) / Batch,
            run,
            () => new Solver(others, gram, purchases, settings.Alpha),
            (batch, solver) => solver.Improve(factors, batch * Batch, Math.Min(factors.Rows, (batch + 1) * Batch)));
    }

    /// <summary>Conjugate gradients on (QᵀQ + λ I + Σ α w q qᵀ) p = Σ α w q, for a batch of rows.</summary>
    private sealed class Solver(DenseMatrix others, float[] gram, SparseMatrix purchases, float alpha)
    {
        private readonly DenseMatrix _residual = new(Batch, others.Columns);
        private readonly DenseMatrix _direction = new(Batch, others.Columns);
        private readonly DenseMatrix _image = new(Batch, others.Columns);
        private readonly float[] _sizes = new float[Batch];

        public void Improve(DenseMatrix factors, int from, int to)
        {
            _direction.Values.AsSpan().Clear();
            factors.Values.AsSpan(from * factors.Stride, (to - from) * factors.Stride).CopyTo(_direction.Values);
            Multiply(from, to);
            for (var row = from; row < to; row++)
            {
                SetResidual(row, row - from);
            }

            for (var step = 0; step < Steps; step++)
            {
                Multiply(from, to);
                for (var row = from; row < to; row++)
                {
                    Step(factors.Row(row), row - from);
                }
            }
        }

        /// <summary>image = A direction.</summary>
        private void Multiply(int from, int to)
        {
            _image.Values.AsSpan().Clear();
            Dense.MultiplyAdd(_direction.Values, gram, _image.Values, _image.Stride, others.Columns);
            for (var row = from; row < to; row++)
            {
                var direction = _direction.Row(row - from);
                var image = _image.Row(row - from);
                var columns = purchases.Columns(row);
                var weights = purchases.Values(row);
                for (var at = 0; at < columns.Length; at++)
                {
                    var other = others.Row(columns[at]);
                    Dense.AddScaled(alpha * weights[at] * Dense.Dot(other, direction), other, image);
                }
            }
        }

        private void SetResidual(int row, int at)
        {
            var residual = _residual.Row(at);
            residual.Clear();
            var columns = purchases.Columns(row);
            var weights = purchases.Values(row);
            for (var i = 0; i < columns.Length; i++)
            {
                Dense.AddScaled(alpha * weights[i], others.Row(columns[i]), residual);
            }

            Dense.AddScaled(-1, _image.Row(at), residual);
            residual.CopyTo(_direction.Row(at));
            _sizes[at] = Dense.Dot(residual, residual);
        }

        private void Step(Span<float> factors, int at)
        {
            const float solved = 1e-20f;
            if (_sizes[at] < solved)
            {
                _direction.Row(at).Clear();
                return;
            }

            var residual = _residual.Row(at);
            var direction = _direction.Row(at);
            var image = _image.Row(at);
            var length = _sizes[at] / Dense.Dot(direction, image);
            Dense.AddScaled(length, direction, factors);
            Dense.AddScaled(-length, image, residual);
            var size = Dense.Dot(residual, residual);
            Turn(direction, size / _sizes[at], residual);
            _sizes[at] = size;
        }

        private static void Turn(Span<float> direction, float factor, ReadOnlySpan<float> residual)
        {
            for (var i = 0; i < direction.Length; i++)
            {
                direction[i] = residual[i] + factor * direction[i];
            }
        }
    }
}
