namespace Wellmet.Science.Recommenders.Clocks;

/// <summary>The days on which one customer bought one thing, read from their history without a copy of it.</summary>
internal struct PurchaseDays
{
    public const double SecondsPerDay = 86_400;

    private double _firstOfDay;
    private float _pieces;
    private double _logIntervals;

    public PurchaseDays() => LastItem = -1;

    /// <summary>Days with a purchase; purchases within 24 hours are one.</summary>
    public int Count { get; private set; }

    /// <summary>The item bought last; -1 for none.</summary>
    public int LastItem { get; private set; }

    /// <summary>Time of the last purchase's first line, seconds since 1970-01-01 UTC.</summary>
    public long LastTime { get; private set; }

    /// <summary>Pieces of the last purchase.</summary>
    public readonly float LastPieces => _pieces;

    /// <summary>Adds the next line; times must not fall.</summary>
    /// <param name="line">A line of the thing.</param>
    /// <param name="stretch">See <see cref="TypeClock.Stretch"/>.</param>
    public void Add(in PastPurchase line, float stretch)
    {
        var day = line.Time / SecondsPerDay;
        if (Count > 0 && day - _firstOfDay < 1)
        {
            (_pieces, LastItem) = (_pieces + line.Quantity, line.Item);
            return;
        }

        if (Count > 0)
        {
            _logIntervals += Math.Log(day - _firstOfDay) - (stretch * Math.Log(_pieces));
        }

        (_firstOfDay, _pieces, LastItem, LastTime) = (day, line.Quantity, line.Item, line.Time);
        Count++;
    }

    /// <summary>Days that one piece lasts: the customer's own geometric mean, shrunk to the type's median with weight n / (n + shrinkage).</summary>
    public readonly double Interval(double typical, double shrinkage)
    {
        var own = Math.Max(0, Count - 1);
        return Math.Exp((_logIntervals + (shrinkage * Math.Log(typical))) / (own + shrinkage));
    }
}
