namespace Wellmet.Science.Recommenders.Signals;

/// <summary>What one customer had done until a moment, and what came of it.</summary>
/// <param name="Before">In any order; none later than the moment.</param>
/// <param name="Moment">Seconds since 1970-01-01 UTC.</param>
/// <param name="Bought">Distinct items bought after the moment that the customer had nothing to do with before.</param>
public sealed record SignalExample(Signal[] Before, long Moment, int[] Bought);

/// <summary>A kind of signal, and how much it says in a shop.</summary>
/// <param name="Count">Products in the examples that were fitted to for which this kind counted.</param>
/// <param name="HalfLifeDays">Null for always.</param>
/// <param name="Fitted">False for a starting value.</param>
public sealed record FittedSignal(SignalKind Kind, int Count, double Base, double? HalfLifeDays, bool Fitted)
{
    internal static FittedSignal Of(SignalKind kind, int count, SignalWeight weight, bool fitted) =>
        new(kind, count, weight.Base, double.IsInfinity(weight.HalfLifeDays) ? null : weight.HalfLifeDays, fitted);
}

/// <summary>What came of fitting.</summary>
/// <param name="Kinds">One per kind, in the order of <see cref="SignalKind"/>.</param>
/// <param name="Customers">Who had no part in the fit, and on whom it was measured.</param>
/// <param name="DefaultNdcg">NDCG@20 of what they bought next, with <see cref="SignalWeights.Default"/>.</param>
/// <param name="Ndcg">The same with the weights that were fitted, whether or not they are used.</param>
/// <param name="Adopted">The fitted ones foretold better, and are in <paramref name="Kinds"/>.</param>
public sealed record SignalFit(IReadOnlyList<FittedSignal> Kinds, int Customers, double DefaultNdcg, double Ndcg, bool Adopted)
{
    /// <inheritdoc/>
    public bool Equals(SignalFit? other) => other is not null && Kinds.SequenceEqual(other.Kinds) && (Customers, DefaultNdcg, Ndcg, Adopted) == (other.Customers, other.DefaultNdcg, other.Ndcg, other.Adopted);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Customers, DefaultNdcg, Ndcg, Adopted);

    /// <summary>Nothing was fitted.</summary>
    public static SignalFit None { get; } = new([.. Enum.GetValues<SignalKind>().Select(kind => FittedSignal.Of(kind, 0, SignalWeights.Default[kind], false))], 0, 0, 0, false);
}

/// <summary>How weights are fitted to a shop's log.</summary>
public sealed record SignalFitSettings
{
    /// <summary>With fewer examples nothing is fitted.</summary>
    public int MinExamples { get; init; } = 60;

    /// <summary>A kind that counted for fewer products keeps its starting value.</summary>
    public int MinSignals { get; init; } = 30;

    /// <summary>Products that were not bought which each purchase is told from, drawn at random.</summary>
    public int Others { get; init; } = 30;

    /// <summary>How far a base is expected to be from its starting value, before any example: the standard deviation of a normal prior.</summary>
    public double Spread { get; init; } = 0.4;

    /// <summary>By so much the log-likelihood must grow for another half-life than the one before.</summary>
    public double Gain { get; init; } = 2;

    /// <summary>The half-lives that are tried, in days.</summary>
    public IReadOnlyList<double> HalfLives { get; init; } = [1, 3, 7, 14, 30, 60, 180, 365, double.PositiveInfinity];
}
