namespace Wellmet.Science.Linkage;

/// <summary>Two records that may be one person.</summary>
/// <param name="First">The number of a record, below <paramref name="Second"/>.</param>
/// <param name="Score">Log2 of the odds.</param>
public readonly record struct ScoredPair(int First, int Second, double Score)
{
    /// <summary>That they are one person, in (0, 1).</summary>
    public double Probability => LinkageModel.ProbabilityOf(Score);
}

/// <summary>What was found, the weights it was found with, and what to accept for a wished precision.</summary>
public sealed class LinkageResult
{
    /// <summary>Of the records of the first file that are linked at all, those with two links: below this share the second file holds nobody twice.</summary>
    private const double MostWithTwo = 0.02;

    /// <summary>Pairs above this count as links where it is decided whether a file holds people twice.</summary>
    private const double SureScore = 6.6;

    private readonly int _secondFrom;

    internal LinkageResult(PersonRecords records, LinkageModel model, ScoredPair[] pairs, int secondFrom, long compared) =>
        (Records, Model, Pairs, _secondFrom, Compared) = (records, model, pairs, secondFrom, compared);

    public PersonRecords Records { get; }

    public LinkageModel Model { get; }

    /// <summary>All pairs that are not too improbable, by <see cref="ScoredPair.First"/>, then <see cref="ScoredPair.Second"/>.</summary>
    public IReadOnlyList<ScoredPair> Pairs { get; }

    /// <summary>Pairs that were compared.</summary>
    public long Compared { get; }

    /// <summary>
    /// The lowest score such that of the pairs at or above it the wished share is expected to be right, by their own probabilities; never below even odds.
    /// Infinite where no pair is good enough.
    /// </summary>
    /// <param name="precision">In (0, 1).</param>
    public double ThresholdFor(double precision)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(precision);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(precision, 1);
        var (threshold, right) = (double.PositiveInfinity, 0.0);
        var scores = Pairs.Select(p => p.Score).Where(s => s >= 0).OrderDescending().ToArray();
        for (var count = 1; count <= scores.Length; count++)
        {
            right += LinkageModel.ProbabilityOf(scores[count - 1]);
            if (right >= precision * count && (count == scores.Length || scores[count] < scores[count - 1]))
            {
                threshold = scores[count - 1];
            }
        }

        return threshold;
    }

    /// <summary>Who is one person: for each record the number of its person, counted from 0 as they appear.</summary>
    /// <param name="threshold">The score from which two records join; see <see cref="ThresholdFor"/>.</param>
    public int[] Entities(double threshold) => EntityClusters.Join(Records.Count, Pairs, threshold, Model);

    /// <summary>The links between two files. Where a file holds nobody twice, each of its records has at most one.</summary>
    /// <param name="threshold">The score from which two records are linked; see <see cref="ThresholdFor"/>.</param>
    public IReadOnlyList<ScoredPair> Links(double threshold)
    {
        var (isFirstOnce, isSecondOnce) = (HoldsNobodyTwice(p => p.Second), HoldsNobodyTwice(p => p.First));
        var taken = new bool[Records.Count];
        var links = new List<ScoredPair>();

        // The best first: where pairs compete, they are mostly far apart, and this comes to the assignment with the highest sum.
        foreach (var pair in Pairs.Where(p => p.Score >= threshold).OrderByDescending(p => p.Score).ThenBy(p => p.First).ThenBy(p => p.Second))
        {
            if ((!isFirstOnce || !taken[pair.Second]) && (!isSecondOnce || !taken[pair.First]))
            {
                (taken[pair.First], taken[pair.Second]) = (true, true);
                links.Add(pair);
            }
        }

        return links;
    }

    /// <summary>Whether few records of the other file have two sure links: then the file they lead to holds nobody twice.</summary>
    private bool HoldsNobodyTwice(Func<ScoredPair, int> other)
    {
        var links = Pairs.Where(p => p.Score >= SureScore).CountBy(other).Select(c => c.Value).ToArray();
        return _secondFrom > 0 && links.Count(c => c > 1) <= MostWithTwo * links.Length;
    }
}
