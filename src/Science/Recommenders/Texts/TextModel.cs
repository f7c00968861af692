using System.Runtime.Intrinsics;
using Wellmet.Science.Statistics;

namespace Wellmet.Science.Recommenders.Texts;

/// <summary>
/// Turns what is written about a product into a vector of <see cref="Dimensions"/> bytes, so that the cosine of two vectors says how alike two texts are.
/// Weight of a feature = ln(1 + weighted count) × (1 + ln((N + 1) / (n + 1))); the 2^18 buckets are projected with a random sign for each bucket
/// and dimension (Achlioptas, "Database-friendly random projections", JCSS 2003), which moves a cosine by about 1/16. Immutable; safe for any number of threads.
/// </summary>
public sealed class TextModel
{
    /// <summary>Bytes per vector.</summary>
    public const int Dimensions = 256;

    private const int WordBits = 64;

    /// <summary>Keeps the sequences of neighbouring buckets apart.</summary>
    private const ulong BucketStride = 0xD1B54A32D192ED03;

    /// <summary>For each byte eight sign bits.</summary>
    private static readonly Vector256<int>[] Signs = [.. Enumerable.Range(0, 256).Select(bits => Vector256.Create(
        [.. Enumerable.Range(0, 8).Select(bit => (bits >> bit & 1) << 31)]))];

    private readonly float[] _rarity;

    /// <param name="rarity">The weight of each bucket, 2^18 of them; must not be changed afterwards.</param>
    /// <exception cref="ArgumentException">The length is another.</exception>
    public TextModel(float[] rarity)
    {
        ArgumentNullException.ThrowIfNull(rarity);
        if (rarity.Length != TextFeatures.Buckets)
        {
            throw new ArgumentException($"{TextFeatures.Buckets} weights are needed, not {rarity.Length}.", nameof(rarity));
        }

        _rarity = rarity;
    }

    /// <summary>The weight of each bucket, to be saved.</summary>
    public ReadOnlySpan<float> Rarity => _rarity;

    /// <summary>Learns which words are rare, from all products of the shop.</summary>
    public static TextModel Train(IEnumerable<ItemText> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var (counts, count, features) = (new int[TextFeatures.Buckets], 0, new TextFeatures());
        foreach (var text in texts)
        {
            count++;
            foreach (var bucket in features.Of(text).Keys)
            {
                counts[bucket]++;
            }
        }

        return new TextModel(Array.ConvertAll(counts, n => (float)(1 + Math.Log((count + 1.0) / (n + 1)))));
    }

    /// <summary>The vectors of all products, in their order.</summary>
    /// <param name="texts">One per item.</param>
    /// <param name="run">Threads and cancellation.</param>
    public TextVectors Embed(IReadOnlyList<ItemText> texts, TrainingRun run = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var vectors = new sbyte[(long)texts.Count * Dimensions];
        ItemLoop.Run(texts.Count, run, () => new TextFeatures(), (item, features) => Embed(texts[item], features, vectors.AsSpan(item * Dimensions, Dimensions)));
        return new TextVectors(vectors);
    }

    /// <summary>The vector of one text, such as that of a product that came today, or of what somebody searches.</summary>
    /// <param name="text">The text.</param>
    /// <param name="vector">Filled; length <see cref="Dimensions"/>; all 0 for an empty text.</param>
    public void Embed(in ItemText text, Span<sbyte> vector) => Embed(text, new TextFeatures(), vector);

    private void Embed(in ItemText text, TextFeatures features, Span<sbyte> vector)
    {
        Span<float> sums = stackalloc float[Dimensions];
        sums.Clear();
        // In the order of the buckets: sums of floating numbers depend on it.
        foreach (var (bucket, count) in features.Of(text).OrderBy(feature => feature.Key))
        {
            Project(bucket, MathF.Log(1 + count) * _rarity[bucket], sums);
        }

        var largest = 0f;
        foreach (var sum in sums)
        {
            largest = Math.Max(largest, Math.Abs(sum));
        }

        var scale = largest > 0 ? sbyte.MaxValue / largest : 0;
        for (var at = 0; at < Dimensions; at++)
        {
            vector[at] = (sbyte)MathF.Round(sums[at] * scale);
        }
    }

    private static void Project(int bucket, float weight, Span<float> sums)
    {
        var state = (ulong)bucket * BucketStride;
        var weights = Vector256.Create(weight).AsInt32();
        for (var word = 0; word < Dimensions; word += WordBits)
        {
            var bits = SeededRandom.NextBits(ref state);
            for (var at = 0; at < WordBits; at += 8, bits >>= 8)
            {
                var target = sums.Slice(word + at, 8);
                (Vector256.Create<float>(target) + (weights ^ Signs[(int)(bits & 0xff)]).AsSingle()).CopyTo(target);
            }
        }
    }
}
