namespace Wellmet.Science.Recommenders.Sessions;

/// <summary>
/// Finds the settings of <see cref="NextItem"/> on the sequences themselves: each one's last item is held out, and one setting after the other takes the
/// value that foretells those best (coordinate descent on hit rate plus NDCG at 10). Deterministic.
/// </summary>
public static class NextItemTuning
{
    /// <summary>More customers make the choice hardly surer, and the search slower.</summary>
    private const int MostCustomers = 12_000;

    private const int Rounds = 2;

    private static readonly (float[] Values, Func<NextItemSettings, float, NextItemSettings> Set)[] Coordinates =
    [
        ([0.3f, 0.45f, 0.6f, 0.75f, 0.9f], (s, v) => s with { HistoryDecay = v }),
        ([0, 0.1f, 0.3f, 0.5f], (s, v) => s with { Transitions = s.Transitions with { SourceExponent = v } }),
        ([0, 0.1f, 0.2f, 0.3f], (s, v) => s with { Transitions = s.Transitions with { TargetExponent = v } }),
        ([0, 0.1f, 0.2f, 0.4f, 0.7f], (s, v) => s with { Transitions = s.Transitions with { Backward = v } }),
        ([0.5f, 0.7f, 0.8f, 0.9f, 1], (s, v) => s with { Transitions = s.Transitions with { StepDecay = v } }),
        ([0, 0.25f, 0.5f], (s, v) => s with { Transitions = s.Transitions with { LengthExponent = v } }),
        ([0, 0.3f, 0.6f, 1, 2], (s, v) => With(s, s.Neighbours with { Share = v })),
        ([1, 2, 4], (s, v) => With(s, s.Neighbours with { Sharpness = v })),
        ([0.4f, 0.6f, 0.8f, 0.95f], (s, v) => With(s, s.Neighbours with { HistoryDecay = v })),
        ([0.1f, 0.2f, 0.5f, 1], (s, v) => With(s, s.Neighbours with { Backward = v })),
        ([0.7f, 0.85f, 1], (s, v) => With(s, s.Neighbours with { StepDecay = v })),
        ([0, 0.2f, 0.4f], (s, v) => With(s, s.Neighbours with { TargetExponent = v })),
    ];

    /// <summary>Where nobody is asked it does not matter how.</summary>
    private static NextItemSettings With(NextItemSettings settings, SessionNeighboursSettings neighbours) => settings with { Neighbours = neighbours.Share > 0 ? neighbours : new() };

    /// <summary>The best settings found, and how well the held-out items were foretold with them.</summary>
    /// <param name="sequences">All that may be known; the last item of each sequence of three and more is held out.</param>
    /// <param name="run">Threads and cancellation.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static (NextItemSettings Settings, NextItemQuality Quality) Run(ItemSequences sequences, TrainingRun run = default)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        const int shortest = 3;
        var earlier = sequences.WithoutLast(shortest);
        var every = Math.Max(1, (sequences.Count + MostCustomers - 1) / MostCustomers);
        var best = new NextItemSettings();
        var quality = Measure(best);
        for (var round = 0; round < Rounds; round++)
        {
            var before = best;
            foreach (var (values, set) in Coordinates)
            {
                foreach (var candidate in values.Select(value => set(best, value)).Where(candidate => candidate != best).ToArray())
                {
                    var found = Measure(candidate);
                    (best, quality) = Sum(found) > Sum(quality) ? (candidate, found) : (best, quality);
                }
            }

            if (best == before)
            {
                break;
            }
        }

        return (best, quality);

        NextItemQuality Measure(NextItemSettings settings) =>
            NextItemQuality.OfLast(NextItem.Train(earlier, settings, run), sequences, shortest, every, run);
    }

    private static double Sum(NextItemQuality quality) => quality.Hit10 + quality.Ndcg10;
}
