using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Wellmet.Science.Recommenders;

/// <summary>The inner loops on dense rows. Every sum has one order, whatever the number of threads.</summary>
internal static class Dense
{
    /// <summary>Rows that <see cref="Accumulate"/> takes at once; with two vectors each they fill eight registers, enough to hide the latency of a fused multiply-add.</summary>
    public const int TileRows = 4;

    /// <summary>Columns that <see cref="Accumulate"/> takes at once.</summary>
    public const int TileColumns = 2 * Lanes;

    private const int Lanes = 16;

    /// <summary>The length rounded up to whole tiles.</summary>
    public static int Padded(int length) => (length + TileColumns - 1) / TileColumns * TileColumns;

    /// <summary>Σ a b. The lengths are equal and whole vectors.</summary>
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ref var x = ref MemoryMarshal.GetReference(a);
        ref var y = ref MemoryMarshal.GetReference(b);
        var (even, odd) = (Vector512<float>.Zero, Vector512<float>.Zero);
        var at = 0;
        for (; at <= a.Length - TileColumns; at += TileColumns)
        {
            even = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref x, (nuint)at), Vector512.LoadUnsafe(ref y, (nuint)at), even);
            odd = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref x, (nuint)(at + Lanes)), Vector512.LoadUnsafe(ref y, (nuint)(at + Lanes)), odd);
        }

        if (at <= a.Length - Lanes)
        {
            even = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref x, (nuint)at), Vector512.LoadUnsafe(ref y, (nuint)at), even);
            at += Lanes;
        }

        var sum = Vector512.Sum(even + odd);
        for (; at < a.Length; at++)
        {
            sum += a[at] * b[at];
        }

        return sum;
    }

    /// <summary>target += factor * row.</summary>
    public static void AddScaled(float factor, ReadOnlySpan<float> row, Span<float> target)
    {
        ref var x = ref MemoryMarshal.GetReference(row);
        ref var y = ref MemoryMarshal.GetReference(target);
        var factors = Vector512.Create(factor);
        var at = 0;
        for (; at <= row.Length - Lanes; at += Lanes)
        {
            var sum = Vector512.FusedMultiplyAdd(factors, Vector512.LoadUnsafe(ref x, (nuint)at), Vector512.LoadUnsafe(ref y, (nuint)at));
            sum.StoreUnsafe(ref y, (nuint)at);
        }

        for (; at < row.Length; at++)
        {
            target[at] += factor * row[at];
        }
    }

    /// <summary>
    /// One tile of a matrix product: C[i, j] += sign * Σ over k below depth of A[i, k] B[k, j], for <see cref="TileRows"/> × <see cref="TileColumns"/>
    /// cells that stay in registers. A[i, k] lies at a + i aRow + k aStep, so that A may be a transpose.
    /// </summary>
    public static void Accumulate(Factor a, ref float b, int bStride, ref float c, int cStride, int depth, float sign)
    {
        ref var a0 = ref a.Origin;
        var (row, step) = ((nuint)a.Row, (nuint)a.Step);
        var (c00, c01, c10, c11) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        var (c20, c21, c30, c31) = (c00, c00, c00, c00);
        nuint atA = 0, atB = 0;
        for (var k = 0; k < depth; k++, atA += step, atB += (nuint)bStride)
        {
            var b0 = Vector512.LoadUnsafe(ref b, atB);
            var b1 = Vector512.LoadUnsafe(ref b, atB + Lanes);
            var x = Vector512.Create(Unsafe.Add(ref a0, atA));
            c00 = Vector512.FusedMultiplyAdd(x, b0, c00);
            c01 = Vector512.FusedMultiplyAdd(x, b1, c01);
            x = Vector512.Create(Unsafe.Add(ref a0, atA + row));
            c10 = Vector512.FusedMultiplyAdd(x, b0, c10);
            c11 = Vector512.FusedMultiplyAdd(x, b1, c11);
            x = Vector512.Create(Unsafe.Add(ref a0, atA + 2 * row));
            c20 = Vector512.FusedMultiplyAdd(x, b0, c20);
            c21 = Vector512.FusedMultiplyAdd(x, b1, c21);
            x = Vector512.Create(Unsafe.Add(ref a0, atA + 3 * row));
            c30 = Vector512.FusedMultiplyAdd(x, b0, c30);
            c31 = Vector512.FusedMultiplyAdd(x, b1, c31);
        }

        var signs = Vector512.Create(sign);
        var next = (nuint)cStride;
        Add(signs, c00, ref c, 0);
        Add(signs, c01, ref c, Lanes);
        Add(signs, c10, ref c, next);
        Add(signs, c11, ref c, next + Lanes);
        Add(signs, c20, ref c, 2 * next);
        Add(signs, c21, ref c, 2 * next + Lanes);
        Add(signs, c30, ref c, 3 * next);
        Add(signs, c31, ref c, 3 * next + Lanes);
    }

    /// <summary>The columns of one tile after those of another, so that a product reads them one after the other.</summary>
    public static float[] Pack(DenseMatrix matrix)
    {
        var packed = new float[matrix.Rows * matrix.Stride];
        for (var row = 0; row < matrix.Rows; row++)
        {
            for (var column = 0; column < matrix.Stride; column += TileColumns)
            {
                matrix.Row(row).Slice(column, TileColumns).CopyTo(packed.AsSpan(column * matrix.Rows + row * TileColumns));
            }
        }

        return packed;
    }

    /// <summary>C += A B for as many rows as whole tiles hold: A and C with rows of <paramref name="stride"/>, B <see cref="Pack"/>ed with <paramref name="depth"/> rows of it.</summary>
    public static void MultiplyAdd(ReadOnlySpan<float> a, float[] b, Span<float> c, int stride, int depth)
    {
        for (var column = 0; column < stride; column += TileColumns)
        {
            for (var at = 0; at < c.Length; at += TileRows * stride)
            {
                var factor = new Factor(ref MemoryMarshal.GetReference(a[at..]), stride, 1);
                Accumulate(factor, ref b[column * depth], TileColumns, ref c[at + column], stride, depth, 1);
            }
        }
    }

    private static void Add(Vector512<float> signs, Vector512<float> sum, ref float c, nuint at) =>
        Vector512.FusedMultiplyAdd(signs, sum, Vector512.LoadUnsafe(ref c, at)).StoreUnsafe(ref c, at);

    /// <summary>The left factor of a tile: where it begins, and how far apart its rows and its columns are.</summary>
    public readonly ref struct Factor(ref float origin, int row, int step)
    {
        public readonly ref float Origin = ref origin;

        public readonly int Row = row;

        public readonly int Step = step;
    }
}
