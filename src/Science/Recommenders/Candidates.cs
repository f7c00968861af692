namespace Wellmet.Science.Recommenders;

/// <summary>The items that are worth a closer look. The buffers are kept; one instance per thread.</summary>
internal sealed class Candidates(int itemCount)
{
    /// <summary>Leaves eight bits of exponent and four of mantissa, so that a bucket spans one sixteenth of its value.</summary>
    private const int BucketShift = 19;

    private readonly int[] _items = new int[itemCount];
    private readonly float[] _scores = new float[itemCount];
    private readonly int[] _buckets = new int[1 << (31 - BucketShift)];

    public int Count { get; private set; }

    public ReadOnlySpan<int> Items => _items.AsSpan(0, Count);

    public Span<float> Scores => _scores.AsSpan(0, Count);

    /// <summary>
    /// Takes the items with the highest scores above 0, in ascending order of item: all of them, or <paramref name="wanted"/> and what shares the last
    /// one's bucket. Two passes and no sorting.
    /// </summary>
    public void Take(ReadOnlySpan<float> scores, ReadOnlySpan<bool> taken, int wanted)
    {
        Array.Clear(_buckets);
        Count = 0;
        for (var item = 0; item < scores.Length; item++)
        {
            if (scores[item] > 0 && !taken[item])
            {
                (_items[Count], _scores[Count++]) = (item, scores[item]);
                _buckets[BucketOf(scores[item])]++;
            }
        }

        if (Count > wanted)
        {
            KeepFrom(LowestBucket(wanted));
        }
    }

    /// <summary>Takes one more item, which is not among them.</summary>
    public void Add(int item, float score) => (_items[Count], _scores[Count++]) = (item, score);

    /// <summary>Takes every item that is not taken.</summary>
    public void TakeAll(ReadOnlySpan<float> scores, ReadOnlySpan<bool> taken)
    {
        Count = 0;
        for (var item = 0; item < scores.Length; item++)
        {
            if (!taken[item])
            {
                (_items[Count], _scores[Count++]) = (item, scores[item]);
            }
        }
    }

    private static int BucketOf(float score) => BitConverter.SingleToInt32Bits(score) >> BucketShift;

    private int LowestBucket(int wanted)
    {
        var bucket = _buckets.Length;
        for (var found = 0; found < wanted;)
        {
            found += _buckets[--bucket];
        }

        return bucket;
    }

    private void KeepFrom(int bucket)
    {
        var kept = 0;
        for (var at = 0; at < Count; at++)
        {
            if (BucketOf(_scores[at]) >= bucket)
            {
                (_items[kept], _scores[kept++]) = (_items[at], _scores[at]);
            }
        }

        Count = kept;
    }
}
