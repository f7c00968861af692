using System.Numerics;
using System.Runtime.InteropServices;

namespace Wellmet.Science.Recommenders;

/// <summary>
/// Solves A x = b for a symmetric positive definite A of a few hundred rows: Cholesky A = Uᵀ U in single precision with SIMD.
/// The buffers are kept from call to call; one instance per thread.
/// </summary>
/// <param name="maxSize">Largest number of rows.</param>
internal sealed class Cholesky(int maxSize)
{
    private const int BlockVectors = 4;

    private static readonly int Block = BlockVectors * Vector<float>.Count;

    private readonly int _stride = (maxSize + Block - 1) / Block * Block;
    private readonly float[] _matrix = new float[maxSize * ((maxSize + Block - 1) / Block * Block)];

    /// <summary>Row <paramref name="row"/> of A, to be filled before <see cref="TrySolve"/>; only columns from the diagonal on are read.</summary>
    public Span<float> Row(int row) => _matrix.AsSpan(row * _stride, _stride);

    /// <summary>Overwrites A with its factor and <paramref name="b"/> with the solution. False where A is not positive definite; b is then unchanged.</summary>
    public bool TrySolve(int size, Span<float> b)
    {
        if (!TryFactor(size))
        {
            return false;
        }

        for (var row = 0; row < size; row++)
        {
            b[row] /= Row(row)[row];
            Subtract(b[row], Row(row)[(row + 1)..size], b[(row + 1)..size]);
        }

        for (var row = size - 1; row >= 0; row--)
        {
            var u = Row(row);
            b[row] = (b[row] - Dot(u[(row + 1)..size], b[(row + 1)..size])) / u[row];
        }

        return true;
    }

    private bool TryFactor(int size)
    {
        for (var row = 0; row < size; row++)
        {
            // Whole blocks only: what lies left of the diagonal is never read.
            for (var column = row / Block * Block; column < size; column += Block)
            {
                SubtractEarlierRows(row, column);
            }

            var u = Row(row);
            if (!(u[row] > 0))
            {
                return false;
            }

            Scale(u[row..size], 1 / MathF.Sqrt(u[row]));
        }

        return true;
    }

    /// <summary>A[row, block] -= Σ over k before row of U[k, row] U[k, block], with the block held in registers.</summary>
    private void SubtractEarlierRows(int row, int column)
    {
        var stride = _stride;
        ref var origin = ref MemoryMarshal.GetArrayDataReference(_matrix);
        var width = (nuint)Vector<float>.Count;
        var target = (nuint)(row * stride + column);
        var v0 = Vector.LoadUnsafe(ref origin, target);
        var v1 = Vector.LoadUnsafe(ref origin, target + width);
        var v2 = Vector.LoadUnsafe(ref origin, target + 2 * width);
        var v3 = Vector.LoadUnsafe(ref origin, target + 3 * width);
        for (var k = 0; k < row; k++)
        {
            var at = (nuint)(k * stride + column);
            var factor = new Vector<float>(-_matrix[k * stride + row]);
            v0 = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref origin, at), v0);
            v1 = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref origin, at + width), v1);
            v2 = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref origin, at + 2 * width), v2);
            v3 = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref origin, at + 3 * width), v3);
        }

        v0.StoreUnsafe(ref origin, target);
        v1.StoreUnsafe(ref origin, target + width);
        v2.StoreUnsafe(ref origin, target + 2 * width);
        v3.StoreUnsafe(ref origin, target + 3 * width);
    }

    private static void Scale(Span<float> values, float factor)
    {
        foreach (ref var value in values)
        {
            value *= factor;
        }
    }

    private static void Subtract(float factor, ReadOnlySpan<float> row, Span<float> from)
    {
        var i = 0;
        for (var factors = new Vector<float>(-factor); i <= row.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.FusedMultiplyAdd(factors, new Vector<float>(row[i..]), new Vector<float>(from[i..])).CopyTo(from[i..]);
        }

        for (; i < row.Length; i++)
        {
            from[i] -= factor * row[i];
        }
    }

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var i = 0;
        var sums = Vector<float>.Zero;
        for (; i <= a.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            sums = Vector.FusedMultiplyAdd(new Vector<float>(a[i..]), new Vector<float>(b[i..]), sums);
        }

        var sum = Vector.Sum(sums);
        for (; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
