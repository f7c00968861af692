using Wellmet.Science.Products;

namespace Wellmet.Science.Recommenders.Types;

/// <summary>Counts how types meet in histories. Keeps its buffers from one customer to the next.</summary>
internal sealed class PairCounter(int types, TypeRelationSettings settings)
{
    private const double SecondsPerHour = 3_600, HoursPerDay = 24;

    private readonly List<(int Type, int Order, long Time)> _firsts = [];
    private readonly HashSet<int> _seen = [];
    private readonly HashSet<int> _bought = [];
    private readonly HashSet<int> _viewed = [];

    public PairCounts Counts { get; } = new(types);

    public void Add(ReadOnlySpan<PastPurchase> history, ReadOnlySpan<PastView> views, Func<int, int> typeOf)
    {
        AddPurchases(history, typeOf);
        for (int from = 0, to; from < history.Length && !views.IsEmpty; from = to)
        {
            for (to = from; to < history.Length && history[to].Order == history[from].Order; to++)
            {
            }

            AddViews(history[from..to], views, typeOf);
        }
    }

    private void AddPurchases(ReadOnlySpan<PastPurchase> history, Func<int, int> typeOf)
    {
        _firsts.Clear();
        _seen.Clear();
        foreach (ref readonly var line in history)
        {
            if (typeOf(line.Item) is var type and not TypeTree.None && _seen.Add(type))
            {
                _firsts.Add((type, line.Order, line.Time));
            }
        }

        foreach (var first in _firsts)
        {
            Counts.Buyers[first.Type]++;
            foreach (var second in _firsts)
            {
                if (first.Type != second.Type)
                {
                    Meet(ref Counts[first.Type, second.Type], first.Order == second.Order, second.Time - first.Time);
                }
            }
        }
    }

    private void Meet(ref PairCount count, bool isSameOrder, long seconds)
    {
        count.Both++;
        if (isSameOrder)
        {
            count.Together++;
        }
        else if (seconds < 0)
        {
            count.Before++;
        }
        else if (seconds <= settings.Days * HoursPerDay * SecondsPerHour)
        {
            count.Later++;
        }
    }

    /// <summary>What was looked at shortly before an order and is not in it.</summary>
    private void AddViews(ReadOnlySpan<PastPurchase> order, ReadOnlySpan<PastView> views, Func<int, int> typeOf)
    {
        _bought.Clear();
        _viewed.Clear();
        var placed = order[0].Time;
        foreach (ref readonly var line in order)
        {
            _bought.Add(typeOf(line.Item));
        }

        var isTracked = false;
        foreach (ref readonly var view in views)
        {
            if (view.Time <= placed && placed - view.Time <= settings.SessionHours * SecondsPerHour)
            {
                isTracked = true;
                if (typeOf(view.Item) is var type and not TypeTree.None && !_bought.Contains(type))
                {
                    _viewed.Add(type);
                }
            }
        }

        _bought.Remove(TypeTree.None);
        foreach (var first in _bought)
        {
            Counts.Sessions[first] += isTracked ? 1 : 0;
            foreach (var second in _viewed)
            {
                Counts[first, second].Viewed++;
            }
        }
    }
}
