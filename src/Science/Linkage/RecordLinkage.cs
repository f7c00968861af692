namespace Wellmet.Science.Linkage;

/// <summary>
/// Finds the records that are one person by what they say: looks candidates up by codes, learns the weights from the records themselves, and scores each pair.
/// </summary>
public static class RecordLinkage
{
    private const int Chunk = 256;

    /// <summary>Finds people who are in one list more than once.</summary>
    /// <param name="threads">At most; null for one per processor.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static LinkageResult Deduplicate(PersonRecords records, LinkageSettings? settings = null, int? threads = null, CancellationToken ct = default) => Run(records, 0, settings, threads, ct);

    /// <summary>Finds people who are in two lists.</summary>
    /// <param name="records">The first list, then the second.</param>
    /// <param name="secondFrom">The first record of the second list.</param>
    /// <param name="threads">At most; null for one per processor.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of the lists is empty.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static LinkageResult Link(PersonRecords records, int secondFrom, LinkageSettings? settings = null, int? threads = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentOutOfRangeException.ThrowIfLessThan(secondFrom, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(secondFrom, records.Count);
        return Run(records, secondFrom, settings, threads, ct);
    }

    private static LinkageResult Run(PersonRecords records, int secondFrom, LinkageSettings? settings, int? threads, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(records);
        settings ??= new LinkageSettings();
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads ?? Environment.ProcessorCount, CancellationToken = ct };
        var index = new CandidateIndex(records, secondFrom, settings.LargestBlock, options);
        var model = new LinkageTrainer(records, index, settings, options).Train();
        var chunks = new (ScoredPair[] Pairs, long Compared)[(index.Beginnings + Chunk - 1) / Chunk];
        var least = Math.Log2(settings.LeastProbability / (1 - settings.LeastProbability));
        Parallel.For(0, chunks.Length, options, index.NewReader, (chunk, _, reader) =>
        {
            chunks[chunk] = Score(model, reader, chunk * Chunk, Math.Min(index.Beginnings, (chunk + 1) * Chunk), least);
            return reader;
        }, _ => { });
        return new LinkageResult(records, model, [.. chunks.SelectMany(c => c.Pairs)], secondFrom, chunks.Sum(c => c.Compared));
    }

    private static (ScoredPair[] Pairs, long Compared) Score(LinkageModel model, CandidateIndex.Reader reader, int from, int to, double least)
    {
        var pairs = new List<ScoredPair>();
        var compared = 0L;
        for (var record = from; record < to; record++)
        {
            var kept = pairs.Count;
            foreach (var other in reader.CandidatesOf(record))
            {
                compared++;
                if (model.Score(record, other) is var score && score >= least)
                {
                    pairs.Add(new ScoredPair(record, other, score));
                }
            }

            pairs.Sort(kept, pairs.Count - kept, Comparer<ScoredPair>.Create((a, b) => a.Second.CompareTo(b.Second)));
        }

        return ([.. pairs], compared);
    }
}
