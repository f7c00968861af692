using Wellmet.Science.Products;
using Wellmet.Science.Statistics;

namespace Wellmet.Science.Recommenders.Clocks;

/// <summary>
/// Learns from histories which types are used up, and how long that takes. Customers come one after the other, so no two histories are in
/// memory at once; the result does not depend on their order. Memory: 8 bytes per repeated purchase.
/// A type is a consumable where it was said, or where the lower 90 % bound of its repeat rate under a Beta(1, 9) prior is high enough.
/// </summary>
/// <param name="types">The items' types.</param>
/// <param name="until">End of what was observed, seconds since 1970-01-01 UTC: later repeats are unknown, not absent.</param>
/// <param name="settings">Null for the defaults.</param>
public sealed class RepurchaseLearner(ItemTypes types, long until, RepurchaseSettings? settings = null)
{
    private const double Bound = 0.10;

    private readonly RepurchaseSettings _settings = settings ?? new RepurchaseSettings();
    private readonly TypeEvidence[] _evidence = [.. Enumerable.Range(0, types.TypeCount).Select(_ => new TypeEvidence())];
    private readonly List<(int Type, double Day, int Order, float Pieces)> _lines = [];

    /// <summary>Adds one customer's whole history, in any order.</summary>
    public void Add(ReadOnlySpan<PastPurchase> history)
    {
        _lines.Clear();
        foreach (var line in history)
        {
            if (!line.IsGift && line.Quantity > 0 && types.Of(line.Item) is var type and not TypeTree.None)
            {
                _lines.Add((type, line.Time / PurchaseDays.SecondsPerDay, line.Order, line.Quantity));
            }
        }

        _lines.Sort();
        for (int from = 0, to; from < _lines.Count; from = to)
        {
            for (to = from; to < _lines.Count && _lines[to].Type == _lines[from].Type; to++)
            {
            }

            AddType(from, to);
        }
    }

    /// <summary>What was learned so far.</summary>
    public RepurchaseClocks Learn()
    {
        var pooled = Pool();
        var clocks = new TypeClock[types.TypeCount];
        for (var type = 0; type < clocks.Length; type++)
        {
            clocks[type] = ClockOf(type, pooled);
        }

        return new RepurchaseClocks(types, clocks, _settings);
    }

    /// <summary>One customer's purchases of one type, by day: purchases within a day are one.</summary>
    private void AddType(int from, int to)
    {
        var evidence = _evidence[_lines[from].Type];
        var several = false;
        for (int at = from, next; at < to; at = next)
        {
            var pieces = 0f;
            for (next = at; next < to && _lines[next].Day - _lines[at].Day < 1; next++)
            {
                pieces += _lines[next].Pieces;
            }

            several |= pieces > 1;
            var gap = next < to ? _lines[next].Day - _lines[at].Day : double.PositiveInfinity;
            evidence.Add(gap, pieces, isRepeat: gap <= _settings.RepeatWithin, isKnown: _lines[at].Day + _settings.RepeatWithin <= until / PurchaseDays.SecondsPerDay);
        }

        evidence.Households++;
        evidence.Several += several ? 1 : 0;
    }

    /// <summary>The intervals of each type together with those of all below it.</summary>
    private TypeEvidence[] Pool()
    {
        var pooled = Array.ConvertAll(_evidence, own => own.Copy());
        for (var type = 0; type < pooled.Length; type++)
        {
            for (var above = types.Tree.ParentOf(type); above != TypeTree.None; above = types.Tree.ParentOf(above))
            {
                pooled[above].AddIntervals(_evidence[type]);
            }
        }

        return pooled;
    }

    private TypeClock ClockOf(int type, TypeEvidence[] pooled)
    {
        var evidence = _evidence[type];
        var rate = new BetaDistribution(1, _settings.PriorFailures).After(evidence.Repeats, evidence.Purchases).Quantile(Bound);
        var source = type;
        while (pooled[source].Intervals < _settings.MinIntervals && types.Tree.ParentOf(source) != TypeTree.None)
        {
            source = types.Tree.ParentOf(source);
        }

        var rhythm = pooled[source].Rhythm(_settings);
        var kind = types.KindSaid(type) ?? KindOf(evidence, rate);
        var interval = kind switch
        {
            ProductKind.Consumable => rhythm.Interval,
            ProductKind.Durable => Math.Max(_settings.MinCoolDown, pooled[source].Intervals < _settings.MinIntervals ? 0 : 0.5 * rhythm.Interval),
            _ => 0,
        };
        return new TypeClock(kind, (float)interval, (float)rhythm.Spread, (float)rhythm.Stretch, (float)rate, evidence.Intervals);
    }

    private ProductKind KindOf(TypeEvidence evidence, double rate)
    {
        if (evidence.Purchases >= _settings.MinPurchases && rate >= _settings.MinRepeatRate)
        {
            return ProductKind.Consumable;
        }

        var several = new BetaDistribution(1, 1).After(evidence.Several, evidence.Households).Quantile(Bound);
        return evidence.Households >= _settings.MinPurchases && several > _settings.SeveralShare ? ProductKind.Collectable : ProductKind.Durable;
    }
}
