using System.Buffers;
using Wellmet.Science.Products;
using Wellmet.Science.Recommenders.Clocks;
using Wellmet.Science.Statistics;

namespace Wellmet.Science.Recommenders.NextTypes;

/// <summary>
/// Which types a customer's next order will hold, as calibrated probabilities: a conditional logit of what sells, what usually follows the last order,
/// how often the customer bought the type, whether they have one that lasts, and where the clock of what is used up stands.
/// Made by <see cref="NextTypeTrainer"/>, or from saved numbers. Immutable; safe for any number of threads; a call rents its buffer and allocates nothing once it is warm.
/// </summary>
public sealed class NextTypeModel
{
    /// <summary>Number of weights: popularity, sequence, often bought, lasts, due, early, late.</summary>
    public const int Features = 7;

    private const int Popularity = 0, Sequence = 1, Often = 2, Lasts = 3, Due = 4, Early = 5, Late = 6;

    /// <summary>Transitions of prior belief that the last order says nothing.</summary>
    private const double SequencePrior = 50;

    /// <summary>A clock is never taken to be more exact than this.</summary>
    private const double MinSpread = 0.1;

    /// <summary>Deviations of the clock, in standard deviations, within which it is neither early nor late, and beyond which more says nothing more.</summary>
    private const double OnTime = 0.5, Far = 3;

    private readonly RepurchaseClocks _clocks;
    private readonly double[] _shares;
    private readonly double[] _weights;

    /// <param name="clocks">The types and their rhythms.</param>
    /// <param name="shares">Share of each type in what customers buy for the first time; 0 where it cannot be bought.</param>
    /// <param name="transitions">Types × types: how often the column's type came in the order after the row's.</param>
    /// <param name="weights">One per feature.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public NextTypeModel(RepurchaseClocks clocks, double[] shares, SparseMatrix transitions, double[] weights)
    {
        ArgumentNullException.ThrowIfNull(clocks);
        ArgumentNullException.ThrowIfNull(shares);
        ArgumentNullException.ThrowIfNull(transitions);
        ArgumentNullException.ThrowIfNull(weights);
        var types = clocks.Types.TypeCount;
        if (shares.Length != types || transitions.RowCount != types || transitions.ColumnCount != types || weights.Length != Features)
        {
            throw new ArgumentException($"{types} types but {shares.Length} shares, {transitions.RowCount} × {transitions.ColumnCount} transitions and {weights.Length} weights.");
        }

        (_clocks, _shares, Transitions, _weights) = (clocks, shares, transitions, weights);
    }

    /// <summary>Number of types: the length that <see cref="Predict"/> needs.</summary>
    public int TypeCount => _shares.Length;

    /// <summary>To be saved.</summary>
    public ReadOnlySpan<double> Shares => _shares;

    /// <summary>To be saved.</summary>
    public SparseMatrix Transitions { get; }

    /// <summary>To be saved.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>The share of each type in an order that would come now.</summary>
    /// <param name="history">The customer's lines, earliest first, an order's lines together; empty for somebody unknown.</param>
    /// <param name="now">Seconds since 1970-01-01 UTC.</param>
    /// <param name="probabilities">Filled; length <see cref="TypeCount"/>; adds up to 1.</param>
    /// <exception cref="ArgumentException">The length is another.</exception>
    public void Predict(ReadOnlySpan<PastPurchase> history, long now, Span<double> probabilities)
    {
        if (probabilities.Length != TypeCount)
        {
            throw new ArgumentException($"{TypeCount} types but room for {probabilities.Length}.", nameof(probabilities));
        }

        var buffer = ArrayPool<double>.Shared.Rent(TypeCount * Features);
        try
        {
            var x = buffer.AsSpan(0, TypeCount * Features);
            Describe(history, now, x);
            ConditionalLogit.Probabilities(x, _weights, probabilities);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(buffer);
        }
    }

    /// <summary>The features of all types; row-major, types × <see cref="Features"/>.</summary>
    internal void Describe(ReadOnlySpan<PastPurchase> history, long now, Span<double> x)
    {
        x.Clear();
        DescribeSequence(history, x);
        for (var type = 0; type < TypeCount; type++)
        {
            x[(type * Features) + Popularity] = _shares[type] > 0 ? Math.Log(_shares[type]) : double.NegativeInfinity;
        }

        for (var at = 0; at < history.Length; at++)
        {
            if (_clocks.Types.Of(history[at].Item) is var type and not TypeTree.None && IsFirstOfItsType(history, at, type))
            {
                DescribeOwned(type, history, now, x.Slice(type * Features, Features));
            }
        }
    }

    /// <summary>ln of P(type | last order) over P(type).</summary>
    private void DescribeSequence(ReadOnlySpan<PastPurchase> history, Span<double> x)
    {
        var all = 0.0;
        for (var at = history.Length - 1; at >= 0 && history[at].Order == history[^1].Order; at--)
        {
            if (_clocks.Types.Of(history[at].Item) is not (var type and not TypeTree.None))
            {
                continue;
            }

            var next = Transitions.Columns(type);
            var counts = Transitions.Values(type);
            for (var entry = 0; entry < next.Length; entry++)
            {
                x[(next[entry] * Features) + Sequence] += counts[entry];
                all += counts[entry];
            }
        }

        for (var type = 0; type < TypeCount; type++)
        {
            ref var feature = ref x[(type * Features) + Sequence];
            var prior = SequencePrior * _shares[type];
            feature = prior > 0 ? Math.Log((feature + prior) / (all + SequencePrior) / _shares[type]) : 0;
        }
    }

    private bool IsFirstOfItsType(ReadOnlySpan<PastPurchase> history, int at, int type)
    {
        foreach (ref readonly var line in history[..at])
        {
            if (_clocks.Types.Of(line.Item) == type)
            {
                return false;
            }
        }

        return true;
    }

    private void DescribeOwned(int type, ReadOnlySpan<PastPurchase> history, long now, Span<double> x)
    {
        var clock = _clocks.Clocks[type];
        var days = _clocks.DaysOfType(type, history);
        if (days.Count == 0)
        {
            return;
        }

        var since = Math.Max(1, (now - days.LastTime) / PurchaseDays.SecondsPerDay);
        x[Often] = Math.Log(1 + days.Count);
        x[Lasts] = clock.Kind == ProductKind.Durable ? 1 - _clocks.Availability(clock.Kind, clock.Interval, since) : 0;
        if (clock.Kind == ProductKind.Consumable)
        {
            var deviation = Math.Log(since / _clocks.IntervalOf(clock, days)) / Math.Max(MinSpread, clock.Spread);
            x[Due] = Math.Exp(-deviation * deviation / 2);
            x[Early] = Math.Clamp(-deviation - OnTime, 0, Far);
            x[Late] = Math.Clamp(deviation - OnTime, 0, Far);
        }
    }
}
