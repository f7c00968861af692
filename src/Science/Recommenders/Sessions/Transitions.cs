namespace Wellmet.Science.Recommenders.Sessions;

/// <summary>How steps between items count.</summary>
public sealed record TransitionSettings
{
    /// <summary>A pair of items n steps apart counts this to the power of n - 1, in (0, 1].</summary>
    public float StepDecay { get; init; } = 0.85f;

    /// <summary>What the step back from the later item to the earlier one counts beside the step forward, in [0, 1]; 0 keeps only the direction of time.</summary>
    public float Backward { get; init; } = 0.2f;

    /// <summary>A customer with d items weighs d^-exponent.</summary>
    public float LengthExponent { get; init; }

    /// <summary>Divides by the earlier item's occurrences to this power: what it leads to says more where it leads to little.</summary>
    public float SourceExponent { get; init; } = 0.3f;

    /// <summary>Divides by the later item's occurrences to this power: what everything leads to says less.</summary>
    public float TargetExponent { get; init; }

    /// <summary>Pairs further apart do not count.</summary>
    public int Window { get; init; } = 50;

    /// <summary>Items kept per earlier item.</summary>
    public int RowLength { get; init; } = 2000;
}

/// <summary>
/// Directed transitions: T[i, j] says how strongly j follows i. T[i, j] = Σ over customers, over pairs with i before j, of
/// d^-l decay^(steps - 1), plus <see cref="TransitionSettings.Backward"/> times the same with j before i, over n_i^s n_j^t.
/// Sums over all pairs within a window, not adjacent ones alone, are what the linear session models SLIST (Choi et al., "Session-aware
/// Linear Item-Item Models for Session-based Recommendation", WWW 2021) build their targets from.
/// </summary>
public static class Transitions
{
    /// <summary>Learns T, items × items, row = the earlier item, no diagonal. The same for any number of threads.</summary>
    /// <remarks>Time: length × window. Memory: 8 bytes per kept pair and one dense row per thread.</remarks>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static SparseMatrix Train(ItemSequences sequences, TransitionSettings? settings = null, TrainingRun run = default)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        settings ??= new TransitionSettings();
        var (offsets, occurrences) = sequences.ByItem();
        var lengthWeights = LengthWeights(sequences, settings.LengthExponent);
        var sourceFactors = sequences.Powers(-settings.SourceExponent);
        var targetFactors = sequences.Powers(-settings.TargetExponent);
        var rows = new ItemRow[sequences.ItemCount];
        ItemLoop.Run(
            sequences.ItemCount,
            run,
            () => new Row(sequences, settings, lengthWeights, targetFactors),
            (item, row) => rows[item] = row.Make(item, occurrences.AsSpan(offsets[item]..offsets[item + 1]), sourceFactors[item]));
        return ItemRow.ToMatrix(rows, sequences.ItemCount);
    }

    private static float[] LengthWeights(ItemSequences sequences, float exponent)
    {
        var weights = new float[sequences.Count];
        for (var sequence = 0; sequence < weights.Length; sequence++)
        {
            weights[sequence] = MathF.Pow(Math.Max(1, sequences.Of(sequence).Length), -exponent);
        }

        return weights;
    }

    /// <summary>Makes one row at a time; the buffers are kept.</summary>
    private sealed class Row(ItemSequences sequences, TransitionSettings settings, float[] lengthWeights, float[] targetFactors)
    {
        private readonly float[] _sums = new float[sequences.ItemCount];
        private readonly int[] _touched = new int[sequences.ItemCount];
        private readonly BoundedRanking _best = new(settings.RowLength);
        private int _touchedCount;

        public ItemRow Make(int item, ReadOnlySpan<ItemSequences.Occurrence> occurrences, float sourceFactor)
        {
            foreach (var (sequence, place) in occurrences)
            {
                AddSteps(sequences.Of(sequence), place, lengthWeights[sequence] * sourceFactor);
            }

            return Cut(item);
        }

        private void AddSteps(ReadOnlySpan<int> items, int place, float weight)
        {
            var forward = weight;
            for (var at = place + 1; at < items.Length && at - place <= settings.Window; at++)
            {
                Add(items[at], forward);
                forward *= settings.StepDecay;
            }

            var backward = weight * settings.Backward;
            for (var at = place - 1; at >= 0 && place - at <= settings.Window && backward > 0; at--)
            {
                Add(items[at], backward);
                backward *= settings.StepDecay;
            }
        }

        private void Add(int item, float weight)
        {
            if (_sums[item] == 0)
            {
                _touched[_touchedCount++] = item;
            }

            _sums[item] += weight;
        }

        private ItemRow Cut(int item)
        {
            var touched = _touched.AsSpan(0, _touchedCount);
            foreach (var other in touched)
            {
                if (other != item)
                {
                    _best.Offer(new Neighbour(other, _sums[other] * targetFactors[other]));
                }

                _sums[other] = 0;
            }

            _touchedCount = 0;
            var kept = _best.Take();
            Array.Sort(kept, (a, b) => a.Item.CompareTo(b.Item));
            return new ItemRow(Array.ConvertAll(kept, n => n.Item), Array.ConvertAll(kept, n => n.Score));
        }
    }
}
