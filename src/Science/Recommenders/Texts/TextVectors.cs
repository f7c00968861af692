using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Wellmet.Science.Recommenders.Diversity;

namespace Wellmet.Science.Recommenders.Texts;

/// <summary>One vector of <see cref="TextModel.Dimensions"/> bytes per item. Immutable; safe for any number of threads; calls allocate nothing.</summary>
public sealed class TextVectors : IItemSimilarity
{
    private const int Dimensions = TextModel.Dimensions;

    private readonly sbyte[] _vectors;
    private readonly float[] _inverseLengths;

    /// <param name="vectors">Item after item; must not be changed afterwards.</param>
    /// <exception cref="ArgumentException">The length is no multiple of the dimensions.</exception>
    public TextVectors(sbyte[] vectors)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        if (vectors.Length % Dimensions != 0)
        {
            throw new ArgumentException($"{vectors.Length} bytes are no whole number of vectors of {Dimensions}.", nameof(vectors));
        }

        _vectors = vectors;
        _inverseLengths = new float[vectors.Length / Dimensions];
        for (var item = 0; item < Count; item++)
        {
            _inverseLengths[item] = InverseLength(Of(item));
        }
    }

    /// <summary>Number of items.</summary>
    public int Count => _inverseLengths.Length;

    /// <summary>All vectors, item after item, to be saved.</summary>
    public ReadOnlySpan<sbyte> All => _vectors;

    /// <summary>The vector of an item.</summary>
    public ReadOnlySpan<sbyte> Of(int item) => _vectors.AsSpan(item * Dimensions, Dimensions);

    /// <summary>Cosine of two items' texts in [-1, 1]; 0 where one has no text.</summary>
    public float Cosine(int item, int other) => Dot(Of(item), Of(other)) * _inverseLengths[item] * _inverseLengths[other];

    /// <summary>The cosine, where it is above 0; 0 for an item that was not there when this was made.</summary>
    public float Between(int item, int other) => (uint)item < (uint)Count && (uint)other < (uint)Count ? Math.Max(0, Cosine(item, other)) : 0;

    /// <summary>The mean direction of some items' texts: the text of a type. All 0 for none.</summary>
    /// <param name="items">The items.</param>
    /// <param name="vector">Filled; length <see cref="TextModel.Dimensions"/>.</param>
    public void Mean(ReadOnlySpan<int> items, Span<sbyte> vector)
    {
        Span<float> sums = stackalloc float[Dimensions];
        sums.Clear();
        foreach (var item in items)
        {
            var of = Of(item);
            for (var at = 0; at < Dimensions; at++)
            {
                sums[at] += of[at] * _inverseLengths[item];
            }
        }

        var largest = 0f;
        foreach (var sum in sums)
        {
            largest = Math.Max(largest, Math.Abs(sum));
        }

        for (var at = 0; at < Dimensions; at++)
        {
            vector[at] = largest > 0 ? (sbyte)MathF.Round(sums[at] * sbyte.MaxValue / largest) : (sbyte)0;
        }
    }

    internal float InverseLengthOf(int item) => _inverseLengths[item];

    internal static float InverseLength(ReadOnlySpan<sbyte> vector) => Dot(vector, vector) is var square and > 0 ? 1 / MathF.Sqrt(square) : 0;

    /// <summary>Σ a b over <see cref="TextModel.Dimensions"/> bytes, 32 at a time. Two products of bytes fit into 16 bits.</summary>
    internal static int Dot(ReadOnlySpan<sbyte> a, ReadOnlySpan<sbyte> b)
    {
        ref var first = ref MemoryMarshal.GetReference(a[..Dimensions]);
        ref var second = ref MemoryMarshal.GetReference(b[..Dimensions]);
        var sum = Vector256<int>.Zero;
        for (nuint at = 0; at < Dimensions; at += (nuint)Vector256<sbyte>.Count)
        {
            var (lowA, highA) = Vector256.Widen(Vector256.LoadUnsafe(ref first, at));
            var (lowB, highB) = Vector256.Widen(Vector256.LoadUnsafe(ref second, at));
            var (low, high) = Vector256.Widen((lowA * lowB) + (highA * highB));
            sum += low + high;
        }

        return Vector256.Sum(sum);
    }
}
