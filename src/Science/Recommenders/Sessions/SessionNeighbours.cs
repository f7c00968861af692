namespace Wellmet.Science.Recommenders.Sessions;

/// <summary>How sequences that are like a history speak for what comes next.</summary>
public sealed record SessionNeighboursSettings
{
    /// <summary>What they say beside the transitions, whose highest score counts 1, as theirs does; 0 asks none of them.</summary>
    public float Share { get; init; }

    /// <summary>Of each item of the history only so many sequences that hold it are looked at, the latest: the m of the paper.</summary>
    public int Recent { get; init; } = 500;

    /// <summary>The most similar ones that speak: the k of the paper.</summary>
    public int Count { get; init; } = 100;

    /// <summary>The last item of a history counts 1 for the similarity, each one before it this much of the one after it, in (0, 1].</summary>
    public float HistoryDecay { get; init; } = 0.8f;

    /// <summary>A sequence speaks with its similarity to this power: above 1 those that share several items say more.</summary>
    public float Sharpness { get; init; } = 1;

    /// <summary>An item n steps from the shared one counts this to the power of n - 1, in (0, 1].</summary>
    public float StepDecay { get; init; } = 0.85f;

    /// <summary>What an item before the shared one counts beside one after it, in [0, 1].</summary>
    public float Backward { get; init; } = 0.2f;

    /// <summary>Divides by the occurrences of what is foretold to this power.</summary>
    public float TargetExponent { get; init; }
}

/// <summary>
/// Nearest neighbours among sequences: those that share items with a history, the latest items most, say what came after the last item that they share. Vector-multiplication-indexed session
/// kNN (Kersbergen, Sprangers and Schelter, "Serenade: Low-Latency Session-Based Recommendation in e-Commerce at Scale", SIGMOD 2022) with the direction and distance of STAN (Garg et al.,
/// "Sequence and Time Aware Neighborhood for Session-based Recommendations", SIGIR 2019): score(j) = Σ over the most similar sequences n of sim(n)^p decay^(steps from the last shared item to j) / n_j^t.
/// Holds all sequences. Immutable; safe for any number of threads; allocates nothing once it is warm.
/// </summary>
internal sealed class SessionNeighbours
{
    /// <summary>Items so far back in a history that they count less than this say nothing.</summary>
    private const float Least = 0.001f;

    private readonly ItemSequences _sequences;
    private readonly SessionNeighboursSettings _settings;
    private readonly int[] _offsets;
    private readonly ItemSequences.Occurrence[] _occurrences;
    private readonly float[] _factors;
    private readonly ScratchPool<Scratch> _pool;

    /// <param name="sequences">In the order in which they happened: later ones are asked first.</param>
    public SessionNeighbours(ItemSequences sequences, SessionNeighboursSettings settings)
    {
        (_sequences, _settings) = (sequences, settings);
        (_offsets, _occurrences) = sequences.ByItem();
        _factors = sequences.Powers(-settings.TargetExponent);
        _pool = new ScratchPool<Scratch>(() => new Scratch(sequences));
    }

    /// <summary>Adds to <paramref name="scores"/> what the neighbours say, times the share, over what they say most strongly of an item that is not in the history.</summary>
    /// <param name="history">The items so far, earliest first.</param>
    public void AddScores(ReadOnlySpan<int> history, Span<float> scores)
    {
        var scratch = _pool.Rent();
        try
        {
            var highest = Ask(history, scratch);
            foreach (var item in scratch.Said)
            {
                scores[item] += highest > 0 ? _settings.Share * scratch.Scores[item] / highest : 0;
            }
        }
        finally
        {
            scratch.Clear();
            _pool.Return(scratch);
        }
    }

    /// <summary>Adds what each item of a history has of the score of an item: a neighbour's word is divided among the items that it shares, by what they count.</summary>
    public void AddContributions(ReadOnlySpan<int> history, int item, Span<float> contributions)
    {
        var scratch = _pool.Rent();
        try
        {
            var highest = Ask(history, scratch);
            foreach (var neighbour in highest > 0 ? scratch.Nearest(_settings.Count) : [])
            {
                var before = scratch.Scores[item];
                Speak(neighbour, Loudness(neighbour, scratch), scratch);
                scratch.Part[neighbour] = _settings.Share * (scratch.Scores[item] - before) / highest / scratch.Similarity[neighbour];
            }

            Find(history, scratch, contributions);
        }
        finally
        {
            scratch.Clear();
            _pool.Return(scratch);
        }
    }

    /// <summary>Lets the neighbours speak, and returns the highest score of an item that is not in the history.</summary>
    private float Ask(ReadOnlySpan<int> history, Scratch scratch)
    {
        Find(history, scratch);
        foreach (var neighbour in scratch.Nearest(_settings.Count))
        {
            Speak(neighbour, Loudness(neighbour, scratch), scratch);
        }

        return scratch.Highest(history);
    }

    private float Loudness(int neighbour, Scratch scratch) => MathF.Pow(scratch.Similarity[neighbour], _settings.Sharpness);

    /// <summary>How similar the latest sequences with an item of the history are, and where each holds the last item that it shares; or, once their parts are known, whose they are.</summary>
    private void Find(ReadOnlySpan<int> history, Scratch scratch, Span<float> contributions = default)
    {
        var weight = 1f;
        for (var back = history.Length - 1; back >= 0 && weight > Least; back--, weight *= _settings.HistoryDecay)
        {
            if (history[(back + 1)..].Contains(history[back]))
            {
                continue;
            }

            var (from, looked, last) = (_offsets[history[back]], 0, -1);
            for (var at = _offsets[history[back] + 1] - 1; at >= from && looked < _settings.Recent; at--)
            {
                if (_occurrences[at].Sequence != last)
                {
                    last = _occurrences[at].Sequence;
                    looked++;
                    if (contributions.IsEmpty)
                    {
                        scratch.Share(last, _occurrences[at].Place, weight);
                    }
                    else
                    {
                        contributions[back] += weight * scratch.Part[last];
                    }
                }
            }
        }
    }

    private void Speak(int neighbour, float similarity, Scratch scratch)
    {
        var items = _sequences.Of(neighbour);
        var place = scratch.Place[neighbour];
        var forward = similarity;
        for (var at = place + 1; at < items.Length; at++, forward *= _settings.StepDecay)
        {
            scratch.Say(items[at], forward * _factors[items[at]]);
        }

        var backward = similarity * _settings.Backward;
        for (var at = place - 1; at >= 0 && backward > 0; at--, backward *= _settings.StepDecay)
        {
            scratch.Say(items[at], backward * _factors[items[at]]);
        }
    }

    /// <summary>What one question needs; all zero between two questions.</summary>
    private sealed class Scratch(ItemSequences sequences)
    {
        private readonly int[] _shared = new int[sequences.Count];
        private readonly int[] _said = new int[sequences.ItemCount];
        private Comparison<int>? _bySimilarity;
        private int _sharedCount, _saidCount;

        /// <summary>One for each sequence; 0 for those that share nothing.</summary>
        public float[] Similarity { get; } = new float[sequences.Count];

        /// <summary>Where each sequence that shares something holds the last item of the history that it shares.</summary>
        public int[] Place { get; } = new int[sequences.Count];

        /// <summary>What each sequence has of one score, over its similarity.</summary>
        public float[] Part { get; } = new float[sequences.Count];

        public float[] Scores { get; } = new float[sequences.ItemCount];

        public ReadOnlySpan<int> Said => _said.AsSpan(0, _saidCount);

        public void Share(int sequence, int place, float weight)
        {
            if (Similarity[sequence] == 0)
            {
                _shared[_sharedCount++] = sequence;
                Place[sequence] = place;
            }

            Similarity[sequence] += weight;
        }

        public void Say(int item, float score)
        {
            if (Scores[item] == 0)
            {
                _said[_saidCount++] = item;
            }

            Scores[item] += score;
        }

        /// <summary>The most similar ones, the later one first among equals.</summary>
        public ReadOnlySpan<int> Nearest(int count)
        {
            var shared = _shared.AsSpan(0, _sharedCount);
            shared.Sort(_bySimilarity ??= (x, y) => Similarity[x] == Similarity[y] ? y.CompareTo(x) : Similarity[y].CompareTo(Similarity[x]));
            return shared[..Math.Min(count, shared.Length)];
        }

        public float Highest(ReadOnlySpan<int> history)
        {
            var highest = 0f;
            foreach (var item in Said)
            {
                highest = Scores[item] > highest && !history.Contains(item) ? Scores[item] : highest;
            }

            return highest;
        }

        public void Clear()
        {
            foreach (var sequence in _shared.AsSpan(0, _sharedCount))
            {
                (Similarity[sequence], Part[sequence]) = (0, 0);
            }

            foreach (var item in Said)
            {
                Scores[item] = 0;
            }

            (_sharedCount, _saidCount) = (0, 0);
        }
    }
}
