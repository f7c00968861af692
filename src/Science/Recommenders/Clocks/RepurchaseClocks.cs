using Wellmet.Science.Products;

namespace Wellmet.Science.Recommenders.Clocks;

/// <summary>
/// The rhythm of each type, and what it says of one customer. Made by <see cref="RepurchaseLearner"/>, or from saved clocks.
/// Histories are given earliest first. Immutable; safe for any number of threads; calls allocate nothing.
/// </summary>
public sealed class RepurchaseClocks
{
    /// <summary>One in ten of a normal distribution lies beyond this many standard deviations.</summary>
    private const double OneInTen = 1.2816;

    /// <summary>Where the availability of a consumable bends, in intervals since the last purchase, and its values there.</summary>
    private const double Enough = 0.4, Soon = 0.8, Gone = 3, Wanted = 1.3, Forgotten = 0.3;

    /// <summary>Somebody who bought an item on so many days is taken at their word, whatever its type.</summary>
    private const int Regularly = 3;

    /// <summary>Of an item without a type.</summary>
    private static readonly TypeClock Unknown = new(ProductKind.Durable, 0, TypeEvidence.UnknownSpread, 0, 0, 0);

    private readonly TypeClock[] _clocks;

    /// <param name="types">The items' types.</param>
    /// <param name="clocks">One per type; must not be changed afterwards.</param>
    /// <param name="settings">Null for the defaults.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public RepurchaseClocks(ItemTypes types, TypeClock[] clocks, RepurchaseSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(types);
        ArgumentNullException.ThrowIfNull(clocks);
        if (clocks.Length != types.TypeCount)
        {
            throw new ArgumentException($"{types.TypeCount} types but {clocks.Length} clocks.", nameof(clocks));
        }

        (Types, _clocks, Settings) = (types, clocks, settings ?? new RepurchaseSettings());
    }

    /// <summary>The items' types.</summary>
    public ItemTypes Types { get; }

    /// <summary>How the clocks are read.</summary>
    public RepurchaseSettings Settings { get; }

    /// <summary>One per type, to be saved.</summary>
    public ReadOnlySpan<TypeClock> Clocks => _clocks;

    /// <summary>
    /// How welcome another product of a type is <paramref name="days"/> after the last one, in [0, 1.3].
    /// Durable: 0 during the cool-down, then up to 1 in 90 days. Consumable, in intervals: 0 until 0.4, 1 at 0.8, 1.3 at 1, down to 0.3 at 3. Collectable: 1.
    /// </summary>
    /// <param name="kind">The type's kind.</param>
    /// <param name="interval">Cool-down or interval in days.</param>
    /// <param name="days">Days since the last purchase; negative counts as 0.</param>
    public double Availability(ProductKind kind, double interval, double days) => kind switch
    {
        ProductKind.Durable => Math.Clamp((days - interval) / Settings.Ramp, 0, 1),
        ProductKind.Consumable => AvailabilityOfUsedUp(days / interval),
        _ => 1,
    };

    /// <summary>When the customer will want a type again; false where they do not own it or it is not used up.</summary>
    /// <param name="type">The type.</param>
    /// <param name="history">The customer's lines, earliest first.</param>
    /// <param name="prediction">Set where true.</param>
    public bool TryPredictType(int type, ReadOnlySpan<PastPurchase> history, out Replenishment prediction)
    {
        var days = DaysOfType(type, history);
        return TryPredict(_clocks[type], days, _clocks[type].Kind == ProductKind.Consumable && days.Count > 0, out prediction);
    }

    /// <summary>When the customer will want an item again; false where they did not buy it, or it is neither used up nor bought by them on three days or more.</summary>
    /// <inheritdoc cref="TryPredictType" path="/param"/>
    /// <param name="item">The item.</param>
    public bool TryPredictItem(int item, ReadOnlySpan<PastPurchase> history, out Replenishment prediction)
    {
        var clock = ClockOfItem(item);
        var days = DaysOfItem(item, history, clock.Stretch);
        return TryPredict(clock, days, IsBoughtAgain(clock, days), out prediction);
    }

    internal TypeClock ClockOfItem(int item) => Types.Of(item) is var type and not TypeTree.None ? _clocks[type] : Unknown;

    internal static bool IsBoughtAgain(in TypeClock clock, in PurchaseDays days) =>
        days.Count >= Regularly || (clock.Kind == ProductKind.Consumable && days.Count > 0);

    internal PurchaseDays DaysOfType(int type, ReadOnlySpan<PastPurchase> history)
    {
        var days = new PurchaseDays();
        foreach (ref readonly var line in history)
        {
            if (!line.IsGift && Types.Of(line.Item) == type)
            {
                days.Add(line, _clocks[type].Stretch);
            }
        }

        return days;
    }

    internal static PurchaseDays DaysOfItem(int item, ReadOnlySpan<PastPurchase> history, float stretch)
    {
        var days = new PurchaseDays();
        foreach (ref readonly var line in history)
        {
            if (!line.IsGift && line.Item == item)
            {
                days.Add(line, stretch);
            }
        }

        return days;
    }

    /// <summary>Days that the last purchase lasts.</summary>
    internal double IntervalOf(in TypeClock clock, in PurchaseDays days)
    {
        var typical = clock.Kind == ProductKind.Consumable ? clock.Interval : Settings.UnknownInterval;
        return days.Interval(typical, Settings.OwnShrinkage) * Math.Pow(days.LastPieces, clock.Stretch);
    }

    private bool TryPredict(in TypeClock clock, in PurchaseDays days, bool isBoughtAgain, out Replenishment prediction)
    {
        prediction = default;
        if (!isBoughtAgain)
        {
            return false;
        }

        var seconds = IntervalOf(clock, days) * PurchaseDays.SecondsPerDay;
        var factor = Math.Exp(OneInTen * clock.Spread);
        prediction = new Replenishment(
            days.LastItem, days.LastTime, days.LastTime + (long)seconds, days.LastTime + (long)(seconds / factor), days.LastTime + (long)(seconds * factor), days.Count);
        return true;
    }

    private static double AvailabilityOfUsedUp(double intervals) => intervals switch
    {
        <= Enough => 0,
        <= Soon => (intervals - Enough) / (Soon - Enough),
        <= 1 => 1 + ((Wanted - 1) * (intervals - Soon) / (1 - Soon)),
        <= Gone => Wanted - ((Wanted - Forgotten) * (intervals - 1) / (Gone - 1)),
        _ => Forgotten,
    };
}
