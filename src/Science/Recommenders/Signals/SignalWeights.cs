namespace Wellmet.Science.Recommenders.Signals;

/// <summary>How much a kind of signal says.</summary>
/// <param name="Base">At once, in [-1, 1]; negative where it speaks against the product.</param>
/// <param name="HalfLifeDays">Days after which half is left; infinite for always.</param>
public readonly record struct SignalWeight(double Base, double HalfLifeDays)
{
    /// <summary>base × 2^(-age / half-life).</summary>
    public double At(double ageDays) => Base * Math.Pow(2, -Math.Max(0, ageDays) / HalfLifeDays);
}

/// <summary>What one customer has to do with one product.</summary>
/// <param name="Item">Product index.</param>
/// <param name="Value">In [-1, 1]; below 0: to be kept away.</param>
/// <param name="Kind">The signal that counts.</param>
public readonly record struct ItemValue(int Item, float Value, SignalKind Kind);

/// <summary>
/// Turns what customers did into one value per product: max over kinds of base(kind) × 2^(-age / half-life(kind)). What speaks against a product
/// counts alone, until the customer buys it, rates it well, or puts it on a list or into the basket later; looking again is no change of mind.
/// Immutable; safe for any number of threads.
/// </summary>
public sealed class SignalWeights
{
    private const double SecondsPerDay = 86_400;

    private readonly SignalWeight[] _weights;

    /// <param name="weights">One per <see cref="SignalKind"/>, in its order.</param>
    /// <exception cref="ArgumentException">Another number of weights, or a half-life that is not above 0.</exception>
    public SignalWeights(ReadOnlySpan<SignalWeight> weights)
    {
        if (weights.Length != Signal.KindCount)
        {
            throw new ArgumentException($"{Signal.KindCount} weights are needed, not {weights.Length}.", nameof(weights));
        }

        foreach (var weight in weights)
        {
            if (!(weight.HalfLifeDays > 0) || !double.IsFinite(weight.Base))
            {
                throw new ArgumentException($"{weight} is no weight.", nameof(weights));
            }
        }

        _weights = weights.ToArray();
    }

    /// <summary>Starting values, until a shop's own log says better; see <see cref="SignalFitter"/>.</summary>
    public static SignalWeights Default { get; } = new(
    [
        new(1, double.PositiveInfinity), new(1, double.PositiveInfinity), new(0.8, 180), new(0.6, 30), new(0.3, 14), new(0.15, 14),
        new(-0.7, double.PositiveInfinity), new(-0.25, 365), new(-0.5, double.PositiveInfinity),
    ]);

    /// <summary>Those of a fit.</summary>
    /// <exception cref="ArgumentException">A kind is missing, or comes twice.</exception>
    public static SignalWeights Of(IReadOnlyList<FittedSignal> kinds) =>
        new([.. kinds.OrderBy(kind => kind.Kind).Select((kind, at) => (int)kind.Kind != at ? throw new ArgumentException($"{kind.Kind} stands in place of {(SignalKind)at}.", nameof(kinds))
            : new SignalWeight(kind.Base, kind.HalfLifeDays ?? double.PositiveInfinity))]);

    /// <summary>The weight of a kind.</summary>
    public SignalWeight this[SignalKind kind] => _weights[(int)kind];

    /// <summary>Whether a kind speaks against a product, whatever its fitted weight.</summary>
    public static bool SpeaksAgainst(SignalKind kind) => kind is SignalKind.LowRating or SignalKind.Return or SignalKind.NotInterested;

    /// <summary>One value per distinct item, in ascending order of items; returns how many. Allocates nothing.</summary>
    /// <param name="signals">All of one customer; is brought into the order of items and times.</param>
    /// <param name="now">Seconds since 1970-01-01 UTC.</param>
    /// <param name="results">Filled from the front.</param>
    /// <exception cref="ArgumentException">There are more items than room for results.</exception>
    public int Evaluate(Span<Signal> signals, long now, Span<ItemValue> results)
    {
        signals.Sort(static (a, b) => a.Item != b.Item ? a.Item.CompareTo(b.Item) : a.Time != b.Time ? a.Time.CompareTo(b.Time) : ((int)a.Kind).CompareTo((int)b.Kind));
        var count = 0;
        for (int from = 0, to; from < signals.Length; from = to)
        {
            for (to = from; to < signals.Length && signals[to].Item == signals[from].Item; to++)
            {
            }

            if (count == results.Length)
            {
                throw new ArgumentException($"There is room for {results.Length} items only.", nameof(results));
            }

            results[count++] = ValueOf(signals[from..to], now);
        }

        return count;
    }

    private ItemValue ValueOf(ReadOnlySpan<Signal> signals, long now)
    {
        var (value, kind, isAgainst) = (double.NegativeInfinity, default(SignalKind), false);
        foreach (ref readonly var signal in signals)
        {
            var said = this[signal.Kind].At((now - signal.Time) / SecondsPerDay);
            if (SpeaksAgainst(signal.Kind))
            {
                (value, kind) = isAgainst && value < said ? (value, kind) : (said, signal.Kind);
                isAgainst = true;
            }
            else if ((isAgainst && signal.Kind is not (SignalKind.View or SignalKind.LongView)) || (!isAgainst && said > value))
            {
                (value, kind, isAgainst) = (said, signal.Kind, false);
            }
        }

        return new ItemValue(signals[0].Item, (float)value, kind);
    }
}
