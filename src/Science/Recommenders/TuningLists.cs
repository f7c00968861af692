namespace Wellmet.Science.Recommenders;

/// <summary>
/// For a sample of customers the candidates that item-item weights rank highest, and which of them the customers hold aside: what
/// <see cref="ForYouTuning"/> measures on. Scores of other parts are computed once, and any mixture of them is measured from there.
/// </summary>
internal sealed class TuningLists
{
    private const int CandidateCount = 500;
    private const int Depth = 20;
    private const int BlockSize = 64;

    private readonly Holdout _holdout;
    private readonly TrainingRun _run;
    private readonly CustomerList[] _lists;

    public TuningLists(SparseMatrix weights, Holdout holdout, int[] customers, TrainingRun run)
    {
        (_holdout, _run, _lists) = (holdout, run, new CustomerList[customers.Length]);
        ForBlocks(() => new ForYouScratch(weights.RowCount, null), (at, scratch) => _lists[at] = ListOf(customers[at], weights, scratch));
    }

    /// <summary>The score that a part gives to each candidate of each customer.</summary>
    public float[][] Score(Taste taste)
    {
        var scores = new float[_lists.Length][];
        ForBlocks(() => new TasteReader(taste), (at, reader) =>
        {
            reader.MoveTo(_holdout.Kept.Users.Columns(_lists[at].Customer), _holdout.Kept.Users.Values(_lists[at].Customer));
            scores[at] = Array.ConvertAll(_lists[at].Items, reader.Score);
        });
        return scores;
    }

    /// <summary>Recall@20 + NDCG@20 of the mixture, mean over the customers.</summary>
    public double Measure(params (float Share, float[][] Scores)[] parts)
    {
        var qualities = new double[_lists.Length];
        ForBlocks(() => new float[CandidateCount], (at, buffer) =>
        {
            var list = _lists[at];
            var mixed = list.Scores.Length <= buffer.Length ? buffer.AsSpan(0, list.Scores.Length) : new float[list.Scores.Length];
            list.Scores.CopyTo(mixed);
            foreach (var (share, scores) in parts)
            {
                Dense.AddScaled(share, scores[at], mixed);
            }

            qualities[at] = list.Measure(mixed);
        });
        return qualities.DefaultIfEmpty().Average();
    }

    private void ForBlocks<TScratch>(Func<TScratch> makeScratch, Action<int, TScratch> work) =>
        Parallel.For(0, (_lists.Length + BlockSize - 1) / BlockSize, _run.Options, makeScratch, (block, _, scratch) =>
        {
            for (var at = block * BlockSize; at < Math.Min(_lists.Length, (block + 1) * BlockSize); at++)
            {
                work(at, scratch);
            }

            return scratch;
        }, _ => { });

    private CustomerList ListOf(int customer, SparseMatrix weights, ForYouScratch scratch)
    {
        var owned = _holdout.Kept.Users.Columns(customer);
        Array.Clear(scratch.Scores);
        Array.Clear(scratch.Taken);
        for (var i = 0; i < owned.Length; i++)
        {
            scratch.Taken[owned[i]] = true;
            var columns = weights.Columns(owned[i]);
            var values = weights.Values(owned[i]);
            for (var at = 0; at < columns.Length; at++)
            {
                scratch.Scores[columns[at]] += _holdout.Kept.Users.Values(customer)[i] * values[at];
            }
        }

        scratch.Candidates.Take(scratch.Scores, scratch.Taken, CandidateCount);
        var items = scratch.Candidates.Items.ToArray();
        var aside = _holdout.Aside.Columns(customer).ToArray();
        int[] hits = [.. aside.Select(item => Array.BinarySearch(items, item)).Where(at => at >= 0)];
        return new CustomerList(customer, items, scratch.Candidates.Scores.ToArray(), hits, aside.Length);
    }

    /// <param name="Hits">Places of the candidates that the customer holds aside.</param>
    /// <param name="Aside">Number of items held aside.</param>
    private sealed record CustomerList(int Customer, int[] Items, float[] Scores, int[] Hits, int Aside)
    {
        public double Measure(ReadOnlySpan<float> scores)
        {
            var (found, gain, ideal) = (0.0, 0.0, 0.0);
            foreach (var hit in Hits)
            {
                var rank = 0;
                for (var at = 0; at < scores.Length; at++)
                {
                    rank += scores[at] > scores[hit] || (scores[at] == scores[hit] && at < hit) ? 1 : 0;
                }

                found += rank < Depth ? 1 : 0;
                gain += rank < Depth ? Discount(rank) : 0;
            }

            for (var at = 0; at < Math.Min(Aside, Depth); at++)
            {
                ideal += Discount(at);
            }

            return found / Aside + gain / ideal;
        }

        private static double Discount(int rank) => 1 / Math.Log2(rank + 2);
    }
}
