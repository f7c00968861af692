namespace Wellmet.Science.Recommenders.Clocks;

/// <summary>What was seen of one type's purchases.</summary>
internal sealed class TypeEvidence
{
    /// <summary>The spread of a type of which little is known, in standard deviations of ln(interval).</summary>
    public const float UnknownSpread = 0.6f;

    private const double UnknownWeight = 5;

    /// <summary>Quartiles of the normal distribution lie this many standard deviations apart.</summary>
    private const double QuartileDistance = 1.349;

    /// <summary>Keeps the stretch at 0 until the pieces vary enough.</summary>
    private const double StretchRidge = 20;

    private readonly List<(float Days, float Pieces)> _intervals = [];

    /// <summary>Purchases of which it is known whether they were repeated in time, and those that were.</summary>
    public long Purchases { get; private set; }

    public long Repeats { get; private set; }

    /// <summary>Customers who bought it, and those who have bought more than one piece at once.</summary>
    public long Households { get; set; }

    public long Several { get; set; }

    public int Intervals => _intervals.Count;

    public void Add(double gap, float pieces, bool isRepeat, bool isKnown)
    {
        if (isKnown)
        {
            Purchases++;
            Repeats += isRepeat ? 1 : 0;
        }

        if (double.IsFinite(gap))
        {
            _intervals.Add(((float)gap, pieces));
        }
    }

    public TypeEvidence Copy()
    {
        var copy = new TypeEvidence();
        copy.AddIntervals(this);
        return copy;
    }

    public void AddIntervals(TypeEvidence other) => _intervals.AddRange(other._intervals);

    /// <summary>Median and spread of the days per piece, and what more pieces do.</summary>
    public (double Interval, double Spread, double Stretch) Rhythm(RepurchaseSettings settings)
    {
        if (Intervals == 0)
        {
            return (settings.UnknownInterval, UnknownSpread, 0);
        }

        // Sums of floating numbers depend on their order, and the order on that of the customers.
        _intervals.Sort();
        var stretch = Stretch();
        var logs = _intervals.Select(i => Math.Log(i.Days) - (stretch * Math.Log(i.Pieces))).Order().ToArray();
        // A few intervals move the value that holds without any; many replace it.
        var weight = Intervals / (Intervals + UnknownWeight);
        var median = (weight * At(logs, 0.5)) + ((1 - weight) * Math.Log(settings.UnknownInterval));
        var spread = (weight * (At(logs, 0.75) - At(logs, 0.25)) / QuartileDistance) + ((1 - weight) * UnknownSpread);
        return (Math.Exp(Intervals < settings.MinIntervals ? median : At(logs, 0.5)), spread, stretch);
    }

    /// <summary>Slope of ln(days) over ln(pieces), by ridge regression.</summary>
    private double Stretch()
    {
        var (meanX, meanY) = (_intervals.Average(i => Math.Log(i.Pieces)), _intervals.Average(i => Math.Log(i.Days)));
        var (xy, xx) = (0.0, 0.0);
        foreach (var (days, pieces) in _intervals)
        {
            var x = Math.Log(pieces) - meanX;
            xy += x * (Math.Log(days) - meanY);
            xx += x * x;
        }

        return Math.Clamp(xy / (xx + StretchRidge), 0, 1);
    }

    private static double At(double[] sorted, double share) => sorted[(int)Math.Round(share * (sorted.Length - 1))];
}
