using System.Runtime.InteropServices;

namespace Wellmet.Science.Recommenders.Types;

/// <summary>How often two types met, out of the customers or orders of the first one.</summary>
internal struct PairCount
{
    /// <summary>Customers whose first purchase of the second type came in the same order as their first of the first type.</summary>
    public int Together;

    /// <summary>… came later, within the time.</summary>
    public int Later;

    /// <summary>… had come in an earlier order, however long ago: they could not be won any more.</summary>
    public int Before;

    /// <summary>Customers who bought both, ever.</summary>
    public int Both;

    /// <summary>Orders of the first type before which the second was looked at, and not bought.</summary>
    public int Viewed;
}

/// <summary>
/// Sparse counts of ordered pairs of types, and what chance would give: the share of the second type after any other first type than this one.
/// </summary>
internal sealed class PairCounts(int types)
{
    private readonly Dictionary<long, PairCount> _pairs = [];

    /// <summary>Customers of each type.</summary>
    public long[] Buyers { get; } = new long[types];

    /// <summary>Orders with views, of each type.</summary>
    public long[] Sessions { get; } = new long[types];

    public int TypeCount => types;

    /// <summary>The counts of each second type, over all first types.</summary>
    private readonly long[] _together = new long[types], _later = new long[types], _before = new long[types], _viewed = new long[types];
    private long _buyers, _sessions;

    public ref PairCount this[int first, int second] =>
        ref CollectionsMarshal.GetValueRefOrAddDefault(_pairs, ((long)first * types) + second, out _);

    public PairCount Get(int first, int second) => _pairs.GetValueOrDefault(((long)first * types) + second);

    /// <summary>Adds up what chance is reckoned from; to be called when all is counted.</summary>
    public void Sum()
    {
        (_buyers, _sessions) = (Buyers.Sum(), Sessions.Sum());
        foreach (var sums in new[] { _together, _later, _before, _viewed })
        {
            Array.Clear(sums);
        }

        foreach (var (key, count) in _pairs)
        {
            var second = (int)(key % types);
            _together[second] += count.Together;
            _later[second] += count.Later;
            _before[second] += count.Before;
            _viewed[second] += count.Viewed;
        }
    }

    /// <summary>Met and chances to meet of a pair, and the same of all other first types with this second one.</summary>
    public Contrast Purchases(int first, int second)
    {
        var count = Get(first, second);
        var (met, chances) = (count.Together + count.Later, Buyers[first] - count.Before);
        var allChances = _buyers - Buyers[second] - _before[second];
        return new Contrast(met, chances, _together[second] + _later[second] - met, allChances - chances);
    }

    /// <summary>The same of later orders alone, among the customers who did not take both at once.</summary>
    public Contrast LaterPurchases(int first, int second)
    {
        var count = Get(first, second);
        var chances = Buyers[first] - count.Before - count.Together;
        var allChances = _buyers - Buyers[second] - _before[second] - _together[second];
        return new Contrast(count.Later, chances, _later[second] - count.Later, allChances - chances);
    }

    /// <summary>The same of views before orders.</summary>
    public Contrast Views(int first, int second)
    {
        var viewed = Get(first, second).Viewed;
        return new Contrast(viewed, Sessions[first], _viewed[second] - viewed, _sessions - Sessions[second] - Sessions[first]);
    }
}

/// <summary>A share against the share everywhere else.</summary>
internal readonly record struct Contrast(double Met, double Chances, double MetElsewhere, double ChancesElsewhere)
{
    /// <summary>The share elsewhere, half an event added, so that what never happened elsewhere is rare and not impossible.</summary>
    public double Base => (MetElsewhere + 0.5) / (ChancesElsewhere + 1);

    public double Share => Met / Math.Max(1, Chances);

    public double Expected => Base * Chances;

    /// <summary>Met over expected, shrunk to 1: the mean of the Gamma-Poisson posterior whose prior has seen and expected so many.</summary>
    public double Lift(double shrinkage) => (Met + shrinkage) / (Expected + shrinkage);

    /// <summary>Dunning's G² that the shares differ.</summary>
    public double LogLikelihoodRatio => BoughtTogether.LogLikelihoodRatio(Met, Chances, Met + MetElsewhere, Chances + ChancesElsewhere);
}
