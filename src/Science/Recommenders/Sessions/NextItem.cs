using System.Buffers;

namespace Wellmet.Science.Recommenders.Sessions;

/// <summary>How the next item is foretold.</summary>
public sealed record NextItemSettings
{
    /// <summary>How steps between items count.</summary>
    public TransitionSettings Transitions { get; init; } = new();

    /// <summary>The last item of a history counts 1, each one before it this much of the one after it, in (0, 1].</summary>
    public float HistoryDecay { get; init; } = 0.6f;

    /// <summary>How sequences like the history count beside the steps.</summary>
    public SessionNeighboursSettings Neighbours { get; init; } = new();

    /// <summary>Only so many most recent items of a history count.</summary>
    public int MaxHistory { get; init; } = 50;
}

/// <summary>
/// Foretells the next item of a sequence: score(j) = Σ over the history, k steps back, of decay^k T[i_k, j] with the directed
/// <see cref="Sessions.Transitions"/> T; where sequences like the history are asked, too, over the highest of these scores, plus what <see cref="SessionNeighbours"/> say. The history comes with each call, so new customers and new events need no training. Immutable; safe for any number of
/// threads; a call rents its buffers and allocates nothing once they are warm.
/// </summary>
public sealed class NextItem
{
    private readonly int[] _mostFrequent;

    private readonly SessionNeighbours? _neighbours;

    private NextItem(NextItemSettings settings, SparseMatrix transitions, int[] mostFrequent, SessionNeighbours? neighbours) =>
        (Settings, Transitions, _mostFrequent, _neighbours) = (settings, transitions, mostFrequent, neighbours);

    /// <summary>Takes up the steps that were trained before, or a part of them; sequences like a history are not asked, as none are kept.</summary>
    /// <param name="following">Of each item those that follow it, and how strongly.</param>
    public static NextItem Of(NextItemSettings settings, Neighbours following)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(following);
        var rows = Enumerable.Range(0, following.ItemCount).Select(item => following.Of(item).ToArray().OrderBy(n => n.Item).ToArray()).ToArray();
        var transitions = ItemRow.ToMatrix([.. rows.Select(row => new ItemRow(Array.ConvertAll(row, n => n.Item), Array.ConvertAll(row, n => n.Score)))], following.ItemCount);
        return new NextItem(settings with { Neighbours = new() }, transitions, [.. Enumerable.Range(0, following.ItemCount)], null);
    }

    /// <summary>Of each item those that follow it, the strongest first; see <see cref="Of"/>.</summary>
    public Neighbours ToNeighbours() => Neighbours.FromRows([.. Enumerable.Range(0, ItemCount).Select(item =>
        Transitions.Columns(item).ToArray().Zip(Transitions.Values(item).ToArray(), (other, score) => new Neighbour(other, score)).OrderByDescending(n => n.Score).ThenBy(n => n.Item).ToArray())]);

    /// <summary>What it was trained with.</summary>
    public NextItemSettings Settings { get; }

    /// <summary>Items × items: how strongly the column's item follows the row's.</summary>
    public SparseMatrix Transitions { get; }

    /// <summary>Number of items.</summary>
    public int ItemCount => Transitions.RowCount;

    /// <summary>Learns from sequences. The same sequences and settings give the same model, bit for bit, for any number of threads.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static NextItem Train(ItemSequences sequences, NextItemSettings? settings = null, TrainingRun run = default)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        settings ??= new NextItemSettings();
        var occurrences = sequences.Occurrences();
        var mostFrequent = Enumerable.Range(0, occurrences.Length).OrderByDescending(item => occurrences[item]).ThenBy(item => item).ToArray();
        return new NextItem(settings, Sessions.Transitions.Train(sequences, settings.Transitions, run), mostFrequent,
            settings.Neighbours.Share > 0 ? new SessionNeighbours(sequences, settings.Neighbours) : null);
    }

    /// <summary>
    /// Fills <paramref name="results"/> with the items most likely to come next, best first, none of them in the history, and returns how many.
    /// Where too few follow, the most frequent items fill up with score 0.
    /// </summary>
    /// <param name="history">The items so far, earliest first; repeats allowed.</param>
    /// <param name="eligible">The items that may be shown; null for all.</param>
    /// <param name="results">Filled from the front.</param>
    /// <exception cref="ArgumentOutOfRangeException">An item is unknown to the model.</exception>
    public int Recommend(ReadOnlySpan<int> history, ItemSet? eligible, Span<Neighbour> results)
    {
        var buffer = ArrayPool<float>.Shared.Rent(ItemCount);
        try
        {
            var scores = buffer.AsSpan(0, ItemCount);
            Score(history, scores);
            foreach (var item in history)
            {
                scores[item] = float.NegativeInfinity;
            }

            var count = TakeBest(scores, eligible, results);
            return FillUp(scores, eligible, results, count);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    /// <summary>Overwrites <paramref name="scores"/> with the score of every item.</summary>
    /// <param name="history">The items so far, earliest first.</param>
    /// <param name="scores">Length <see cref="ItemCount"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">An item is unknown to the model.</exception>
    public void Score(ReadOnlySpan<int> history, Span<float> scores)
    {
        ScoreSteps(history, scores);
        if (_neighbours is not null)
        {
            AddNeighbours(history, scores);
        }
    }

    private void ScoreSteps(ReadOnlySpan<int> history, Span<float> scores)
    {
        scores.Clear();
        var weight = 1f;
        for (var at = history.Length - 1; at >= Math.Max(0, history.Length - Settings.MaxHistory); at--)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)history[at], (uint)ItemCount, nameof(history));
            var items = Transitions.Columns(history[at]);
            var values = Transitions.Values(history[at]);
            for (var i = 0; i < items.Length; i++)
            {
                scores[items[i]] += weight * values[i];
            }

            weight *= Settings.HistoryDecay;
        }
    }

    private void AddNeighbours(ReadOnlySpan<int> history, Span<float> scores)
    {
        var highest = Highest(history, scores);
        for (var item = 0; item < scores.Length && highest > 0; item++)
        {
            scores[item] /= highest;
        }

        _neighbours!.AddScores(Counting(history), scores);
    }

    /// <summary>The part of a history that counts.</summary>
    private ReadOnlySpan<int> Counting(ReadOnlySpan<int> history) => history[Math.Max(0, history.Length - Settings.MaxHistory)..];

    private static float Highest(ReadOnlySpan<int> history, ReadOnlySpan<float> scores)
    {
        var highest = 0f;
        for (var item = 0; item < scores.Length; item++)
        {
            highest = scores[item] > highest && !history.Contains(item) ? scores[item] : highest;
        }

        return highest;
    }

    /// <summary>What each item of a history adds to the score of an item; the sum is the score.</summary>
    /// <param name="history">The items so far, earliest first.</param>
    /// <param name="item">The item foretold.</param>
    /// <param name="contributions">Filled; as long as <paramref name="history"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">An item is unknown to the model, or the lengths differ.</exception>
    public void Contributions(ReadOnlySpan<int> history, int item, Span<float> contributions)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(contributions.Length, history.Length, nameof(contributions));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)item, (uint)ItemCount, nameof(item));
        contributions.Clear();
        var weight = 1f;
        for (var at = history.Length - 1; at >= Math.Max(0, history.Length - Settings.MaxHistory); at--)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)history[at], (uint)ItemCount, nameof(history));
            contributions[at] = weight * Transitions[history[at], item];
            weight *= Settings.HistoryDecay;
        }

        if (_neighbours is not null)
        {
            AddNeighbours(history, item, contributions);
        }
    }

    private void AddNeighbours(ReadOnlySpan<int> history, int item, Span<float> contributions)
    {
        var buffer = ArrayPool<float>.Shared.Rent(ItemCount);
        var scores = buffer.AsSpan(0, ItemCount);
        ScoreSteps(history, scores);
        var highest = Highest(history, scores);
        ArrayPool<float>.Shared.Return(buffer);
        for (var at = 0; at < contributions.Length && highest > 0; at++)
        {
            contributions[at] /= highest;
        }

        var counting = Counting(history);
        _neighbours!.AddContributions(counting, item, contributions[(history.Length - counting.Length)..]);
    }

    /// <summary>Keeps the best in a sorted list that is as long as the results; most items fail the first comparison.</summary>
    private static int TakeBest(Span<float> scores, ItemSet? eligible, Span<Neighbour> results)
    {
        var count = 0;
        var entry = 0f;
        for (var item = 0; item < scores.Length && results.Length > 0; item++)
        {
            var score = scores[item];
            if (!(score > entry) || (eligible is not null && !eligible.Contains(item)))
            {
                continue;
            }

            var at = count < results.Length ? count++ : count - 1;
            for (; at > 0 && results[at - 1].Score < score; at--)
            {
                results[at] = results[at - 1];
            }

            results[at] = new Neighbour(item, score);
            entry = count == results.Length ? results[count - 1].Score : 0;
        }

        foreach (var result in results[..count])
        {
            scores[result.Item] = float.NegativeInfinity;
        }

        return count;
    }

    private int FillUp(ReadOnlySpan<float> scores, ItemSet? eligible, Span<Neighbour> results, int count)
    {
        foreach (var item in _mostFrequent)
        {
            if (count == results.Length)
            {
                break;
            }

            if (!float.IsNegativeInfinity(scores[item]) && (eligible is null || eligible.Contains(item)))
            {
                results[count++] = new Neighbour(item, 0);
            }
        }

        return count;
    }
}
