namespace Wellmet.Science.Recommenders;

/// <summary>
/// "Customers who bought X also bought". One step: B = W_xy / (W_xx^(1-t) W_yy^t) N / (N + shrinkage), with N customers of both and W the same count with
/// old purchases, those far apart in time, and customers who buy everything counting less; two steps: B B, by way of the closest items. Score = B + weight B B; with one step, W = N and t = 0.5 it
/// is the cosine over customers. Kept where the overlap is unusual and not merely frequent: (N - E) / sqrt(E) with
/// E = Σ over customers c of X of 1 - (1 - P_y)^(other items of c), P_y = share of y in all purchases (Smith and Linden, "Two Decades of Recommender
/// Systems at Amazon.com", IEEE Internet Computing 2017).
/// </summary>
/// <remarks>
/// Two steps reach pairs that nobody bought both of yet, as the random walks of RP3beta do (Paudel et al., "Updatable, Accurate, Diverse, and Scalable
/// Recommendations for Interactive Applications", TiiS 2017). <see cref="AlsoBoughtSettings.FewSales"/> was chosen by learning from half of the customers of Amazon Beauty and Sports and
/// asking for what the other half buys together, under three definitions of that.
/// </remarks>
public static class AlsoBought
{
    /// <summary>Learns from orders and customers. Time: twice the sum of squared history lengths, and items × <see cref="AlsoBoughtSettings.TwoStepNeighbours"/>².</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static Neighbours Train(Interactions interactions, AlsoBoughtSettings? settings = null, TrainingRun run = default)
    {
        ArgumentNullException.ThrowIfNull(interactions);
        settings ??= new AlsoBoughtSettings();
        var pairs = new ClosePairs(interactions, settings);
        var similarity = new Similarity(pairs.Masses, settings);
        var steps = new Neighbour[interactions.ItemCount][];
        if (settings.TwoStepWeight > 0)
        {
            ItemLoop.Run(
                interactions.ItemCount,
                run with { Finished = null },
                () => (Row: new ClosePairs.Row(pairs), Best: new BoundedRanking(settings.TwoStepNeighbours)),
                (item, scratch) => steps[item] = similarity.Closest(item, scratch.Row, scratch.Best));
        }

        var rows = new Neighbour[interactions.ItemCount][];
        ItemLoop.Run(
            interactions.ItemCount,
            run,
            () => new Ranker(interactions, settings, new ClosePairs.Row(pairs), similarity, steps),
            (item, ranker) => rows[item] = ranker.Rank(item));
        return Neighbours.FromRows(rows);
    }

    /// <summary>B, from the pairs of one item.</summary>
    private sealed class Similarity(float[] masses, AlsoBoughtSettings settings)
    {
        private readonly float[] _source = Factors(masses, 1 - settings.TargetExponent);
        private readonly float[] _target = Factors(masses, settings.TargetExponent);

        public float Of(int item, int other, ClosePairs.Row row)
        {
            var customers = row.Customers[other];
            return row.Weights[other] * _source[item] * _target[other] * customers / (customers + settings.Shrinkage);
        }

        public Neighbour[] Closest(int item, ClosePairs.Row row, BoundedRanking best)
        {
            row.MoveTo(item);
            foreach (var other in row.Touched)
            {
                if (other != item)
                {
                    best.Offer(new Neighbour(other, Of(item, other, row)));
                }
            }

            return best.Take();
        }

        private static float[] Factors(float[] masses, float exponent) => Array.ConvertAll(masses, mass => mass > 0 ? MathF.Pow(mass, -exponent) : 0);
    }

    /// <summary>Ranks one item at a time; the buffers are kept. One instance per thread.</summary>
    private sealed class Ranker(Interactions interactions, AlsoBoughtSettings settings, ClosePairs.Row row, Similarity similarity, Neighbour[][] steps)
    {
        private readonly BoundedRanking _best = new(settings.Neighbours);
        private readonly Unusualness _unusualness = new(interactions);
        private readonly float[] _scores = new float[interactions.ItemCount];
        private readonly int[] _candidates = new int[interactions.ItemCount];
        private int _count;

        public Neighbour[] Rank(int item)
        {
            row.MoveTo(item);
            _unusualness.MoveTo(item);
            foreach (var other in row.Touched)
            {
                Add(other, similarity.Of(item, other, row));
            }

            AddTwoSteps(item);
            foreach (var other in _candidates.AsSpan(0, _count))
            {
                var candidate = new Neighbour(other, _scores[other]);
                if (other != item && _best.Accepts(candidate) && IsKept(other))
                {
                    _best.Offer(candidate);
                }

                _scores[other] = 0;
            }

            _count = 0;
            return _best.Take();
        }

        private void AddTwoSteps(int item)
        {
            if (settings.TwoStepWeight <= 0)
            {
                return;
            }

            foreach (var first in steps[item])
            {
                foreach (var second in steps[first.Item])
                {
                    Add(second.Item, settings.TwoStepWeight * first.Score * second.Score);
                }
            }
        }

        private void Add(int other, float score)
        {
            if (_scores[other] == 0)
            {
                _candidates[_count++] = other;
            }

            _scores[other] += score;
        }

        /// <summary>What is frequent must be unusual; what is rare must be so by chance as well, or it is avoided.</summary>
        private bool IsKept(int other)
        {
            var both = row.Customers[other];
            return both >= settings.MinCustomers
                ? _unusualness.IsAtLeast(settings.MinUnusualness, both, other)
                : settings.KeepRare && _unusualness.ChanceIsBelow(1, other);
        }
    }
}
