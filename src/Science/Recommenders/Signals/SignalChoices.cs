using Wellmet.Science.Statistics;

namespace Wellmet.Science.Recommenders.Signals;

/// <summary>The examples as choices among products: what was bought, and others. See <see cref="SignalFitter"/>.</summary>
internal sealed class SignalChoices
{
    private const double SecondsPerDay = 86_400;

    /// <summary>Of a customer's items the latest ones.</summary>
    private const int MostItems = 100;

    /// <summary>Where the scale of the scores is looked for.</summary>
    private const double FirstScale = 5;

    private readonly List<Row> _rows = [];

    /// <summary>Of each kind, for how many products it counted.</summary>
    public int[] Counts { get; } = new int[Signal.KindCount];

    /// <summary>Choices.</summary>
    public int Count => _rows.Count;

    public static SignalChoices Of(ForYou model, IReadOnlyList<SignalExample> examples, SignalFitSettings settings, SeededRandom random)
    {
        var sales = new double[model.ItemCount];
        foreach (var (item, score) in model.Bestsellers.Ranking)
        {
            sales[item] = Math.Log(1 + Math.Max(0, score));
        }

        var choices = new SignalChoices();
        foreach (var example in examples)
        {
            choices.Add(model, example, sales, settings, random);
        }

        return choices;
    }

    /// <summary>How strongly the scores of <see cref="SignalWeights.Default"/> say what is bought, per unit; null where they do not.</summary>
    public double? Scale(double[] halfLives)
    {
        var choices = _rows.ConvertAll(row => row.ToChoice(halfLives, 2, (x, kind, value) => x[1] += SignalWeights.Default[(SignalKind)kind].Base * value));
        return choices.Count > 0 && ConditionalLogit.Fit(choices, [0, FirstScale], ridge: 1e-4)[1] is var scale and > 0 ? scale : null;
    }

    /// <summary>Weights of the kinds, in units of <paramref name="scale"/> as they come, and the log-likelihood less the penalty of the prior.</summary>
    public (double[] Weights, double Likelihood) Fit(double[] halfLives, double scale, SignalFitSettings settings)
    {
        var choices = _rows.ConvertAll(row => row.ToChoice(halfLives, 1 + Signal.KindCount, (x, kind, value) => x[1 + kind] += value));
        double[] start = [0, .. Enum.GetValues<SignalKind>().Select(kind => scale * SignalWeights.Default[kind].Base)];
        var ridge = 1 / Math.Pow(scale * settings.Spread, 2);
        var weights = ConditionalLogit.Fit(choices, start, ridge);
        return (weights[1..], ConditionalLogit.Likelihood(choices, weights, start, ridge));
    }

    private void Add(ForYou model, SignalExample example, double[] sales, SignalFitSettings settings, SeededRandom random)
    {
        var values = new ItemValue[example.Before.Length];
        var count = SignalWeights.Default.Evaluate([.. example.Before], example.Moment, values);
        var own = values.Take(count).Select(v => (v.Item, v.Kind, Age: AgeOf(example, v))).OrderBy(o => o.Age).ThenBy(o => o.Item).Take(MostItems).ToList();
        var known = values.Take(count).Select(v => v.Item).Concat(example.Bought).ToHashSet();
        if (own.Count == 0 || example.Bought.Length == 0 || model.ItemCount - known.Count < settings.Others)
        {
            return;
        }

        var candidates = example.Bought.ToList();
        while (candidates.Count < example.Bought.Length + settings.Others)
        {
            if (random.Next(model.ItemCount) is var drawn && known.Add(drawn))
            {
                candidates.Add(drawn);
            }
        }

        var cells = new List<Cell>();
        foreach (var (item, kind, age) in own)
        {
            Counts[(int)kind]++;
            var row = model.Weights.RowOf(item);
            for (var at = 0; at < candidates.Count; at++)
            {
                if (row[candidates[at]] is var weight && weight != 0)
                {
                    cells.Add(new Cell(at, (byte)kind, (float)age, weight));
                }
            }
        }

        _rows.Add(new Row([.. candidates.Select(c => sales[c])], [.. cells], example.Bought.Length));
    }

    /// <summary>In days, of the latest signal of the kind that counts.</summary>
    private static double AgeOf(SignalExample example, ItemValue value) =>
        (example.Moment - example.Before.Where(s => s.Item == value.Item && s.Kind == value.Kind).Max(s => s.Time)) / SecondsPerDay;

    /// <summary>What one of the customer's items says about a candidate.</summary>
    private readonly record struct Cell(int Candidate, byte Kind, float AgeDays, float Weight);

    /// <param name="Sales">Of each candidate; those that were bought come first.</param>
    private sealed record Row(double[] Sales, Cell[] Cells, int Bought)
    {
        /// <param name="columns">The first one is how well the candidate sells.</param>
        /// <param name="add">Adds what a cell says to the candidate's columns.</param>
        public Choice ToChoice(double[] halfLives, int columns, Columns add)
        {
            var x = new double[Sales.Length * columns];
            for (var at = 0; at < Sales.Length; at++)
            {
                x[at * columns] = Sales[at];
            }

            foreach (var cell in Cells)
            {
                add(x.AsSpan(cell.Candidate * columns, columns), cell.Kind, cell.Weight * Math.Pow(2, -cell.AgeDays / halfLives[cell.Kind]));
            }

            return new Choice(x, [.. Enumerable.Range(0, Bought)]);
        }
    }

    private delegate void Columns(Span<double> x, int kind, double value);
}
