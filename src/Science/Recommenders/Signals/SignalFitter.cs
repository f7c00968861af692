using Wellmet.Science.Statistics;

namespace Wellmet.Science.Recommenders.Signals;

/// <summary>How weights are fitted to a shop's log.</summary>
public sealed record SignalFitSettings
{
    /// <summary>What counts as the success of a signal: a purchase within so many days.</summary>
    public double Days { get; init; } = 14;

    /// <summary>A kind with fewer examples keeps its starting value.</summary>
    public int MinExamples { get; init; } = 200;

    /// <summary>More examples than this are thinned out.</summary>
    public int MaxExamples { get; init; } = 50_000;

    /// <summary>The base of the strongest kind that is fitted. A purchase keeps its own: that it is seldom repeated says nothing of taste.</summary>
    public double Strongest { get; init; } = 0.8;

    /// <summary>The half-lives that are tried, in days.</summary>
    public IReadOnlyList<double> HalfLives { get; init; } = [1, 2, 4, 7, 14, 30, 60, 90, 180, 365];
}

/// <summary>
/// Fits base and half-life of each kind of signal to what customers bought in the days after: logistic regression of "bought within 14 days" on
/// Σ over kinds of weight × 2^(-age / half-life), age counted from the latest signal of the kind. The half-lives are searched one kind after the other
/// until none changes. The result depends on the examples, not on their order.
/// </summary>
/// <param name="settings">Null for the defaults.</param>
public sealed class SignalFitter(SignalFitSettings? settings = null)
{
    private const double SecondsPerDay = 86_400;
    private const int MostSweeps = 5;

    private readonly SignalFitSettings _settings = settings ?? new SignalFitSettings();
    private readonly List<Example> _examples = [];

    /// <summary>Number of examples so far.</summary>
    public int Count => _examples.Count;

    /// <summary>Adds what one customer had done until a moment, and what they bought after it: one example per product with a signal before.</summary>
    /// <param name="signals">All of one customer, before and after, in any order.</param>
    /// <param name="moment">Seconds since 1970-01-01 UTC; the log must reach 14 days beyond it.</param>
    public void Add(ReadOnlySpan<Signal> signals, long moment)
    {
        var end = moment + (long)(_settings.Days * SecondsPerDay);
        foreach (var item in signals.ToArray().GroupBy(signal => signal.Item).OrderBy(group => group.Key))
        {
            var ages = new float[Signal.KindCount];
            Array.Fill(ages, float.PositiveInfinity);
            foreach (var signal in item.Where(signal => signal.Time <= moment))
            {
                ages[(int)signal.Kind] = Math.Min(ages[(int)signal.Kind], (float)((moment - signal.Time) / SecondsPerDay));
            }

            if (ages.Any(float.IsFinite))
            {
                _examples.Add(new Example(ages, item.Any(signal => signal.Kind == SignalKind.Purchase && signal.Time > moment && signal.Time <= end)));
            }
        }
    }

    /// <summary>The fitted weights; starting values for the kinds, or the log, that are too small.</summary>
    public SignalWeights Fit()
    {
        var examples = Thin();
        var kinds = Enumerable.Range(0, Signal.KindCount).Where(kind => examples.Count(e => float.IsFinite(e.Ages[kind])) >= _settings.MinExamples).ToArray();
        var weights = Enumerable.Range(0, Signal.KindCount).Select(kind => SignalWeights.Default[(SignalKind)kind]).ToArray();
        if (kinds.Length == 0 || examples.All(example => !example.Bought))
        {
            return SignalWeights.Default;
        }

        var (halfLives, model) = Search(new Table(examples, kinds), Array.ConvertAll(kinds, kind => weights[kind].HalfLifeDays));
        var strongest = kinds.Select((kind, at) => kind == (int)SignalKind.Purchase ? 0 : model.Weights[at]).Max();
        for (var at = 0; at < kinds.Length && strongest > 0; at++)
        {
            if (kinds[at] != (int)SignalKind.Purchase)
            {
                weights[kinds[at]] = new SignalWeight(Bound((SignalKind)kinds[at], _settings.Strongest * model.Weights[at] / strongest), halfLives[at]);
            }
        }

        return new SignalWeights(weights);
    }

    /// <summary>Whoever is not interested does not buy, but neither do many others: what speaks against stays against.</summary>
    private static double Bound(SignalKind kind, double value) => SignalWeights.SpeaksAgainst(kind) ? Math.Clamp(value, -1, -0.1) : Math.Clamp(value, 0, 1);

    /// <summary>Every so many-th example, in an order that is none of the customers'.</summary>
    private List<Example> Thin()
    {
        var sorted = _examples.ToList();
        sorted.Sort();
        var step = Math.Max(1, (sorted.Count + _settings.MaxExamples - 1) / _settings.MaxExamples);
        return [.. sorted.Where((_, at) => at % step == 0)];
    }

    private (double[] HalfLives, LogisticRegression Model) Search(Table table, double[] halfLives)
    {
        var model = table.Fit(halfLives, null);
        for (var (sweep, changed) = (0, true); sweep < MostSweeps && changed; sweep++)
        {
            changed = false;
            for (var at = 0; at < halfLives.Length; at++)
            {
                foreach (var tried in _settings.HalfLives)
                {
                    var other = (double[])halfLives.Clone();
                    other[at] = tried;
                    var fit = table.Fit(other, model);
                    if (fit.LogLikelihood > model.LogLikelihood + 1e-6)
                    {
                        (halfLives, model, changed) = (other, fit, true);
                    }
                }
            }
        }

        return (halfLives, model);
    }

    private sealed record Example(float[] Ages, bool Bought) : IComparable<Example>
    {
        public int CompareTo(Example? other)
        {
            var byAges = Ages.AsSpan().SequenceCompareTo(other!.Ages);
            return byAges != 0 ? byAges : Bought.CompareTo(other.Bought);
        }
    }

    private sealed class Table(List<Example> examples, int[] kinds)
    {
        private readonly bool[] _answers = [.. examples.Select(example => example.Bought)];
        private readonly double[] _x = new double[examples.Count * kinds.Length];

        public LogisticRegression Fit(double[] halfLives, LogisticRegression? start)
        {
            for (var example = 0; example < examples.Count; example++)
            {
                for (var at = 0; at < kinds.Length; at++)
                {
                    var age = examples[example].Ages[kinds[at]];
                    _x[(example * kinds.Length) + at] = float.IsFinite(age) ? Math.Pow(2, -age / halfLives[at]) : 0;
                }
            }

            return LogisticRegression.Fit(_x, _answers, kinds.Length, start: start);
        }
    }
}
