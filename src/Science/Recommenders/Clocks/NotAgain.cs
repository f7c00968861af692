using Wellmet.Science.Products;
using Wellmet.Science.Recommenders.Types;

namespace Wellmet.Science.Recommenders.Clocks;

/// <summary>
/// The one rule that says whether something may be offered to somebody who has something like it: for the home page, for e-mails and for the
/// basket alike. What is in the basket counts as bought now: the caller appends it to the history.
/// First <see cref="ForTypes"/> once per customer, then <see cref="ForItem"/> per candidate. Immutable; safe for any number of threads; calls allocate nothing.
/// </summary>
/// <param name="clocks">The types' rhythms.</param>
/// <param name="relations">Which types do the same as others; null where that is not known.</param>
public sealed class NotAgain(RepurchaseClocks clocks, TypeRelations? relations = null)
{
    private readonly ItemTypes _types = clocks.Types;

    /// <summary>Number of types: the length that <see cref="ForTypes"/> needs.</summary>
    public int TypeCount => _types.TypeCount;

    /// <summary>What the rule says of each type. Time: lines × distinct types bought.</summary>
    /// <param name="history">The customer's lines, earliest first.</param>
    /// <param name="now">Seconds since 1970-01-01 UTC.</param>
    /// <param name="byType">Filled; length <see cref="TypeCount"/>.</param>
    /// <exception cref="ArgumentException">The length is not the number of types, or the history is not in order.</exception>
    public void ForTypes(ReadOnlySpan<PastPurchase> history, long now, Span<Gate> byType)
    {
        if (byType.Length != TypeCount)
        {
            throw new ArgumentException($"{TypeCount} types but room for {byType.Length}.", nameof(byType));
        }

        CheckOrder(history);
        byType.Fill(Gate.Open);
        for (var at = 0; at < history.Length; at++)
        {
            if (IsLastOfItsType(history, at, out var type))
            {
                byType[type] = OwnGate(type, history, now);
            }
        }

        for (var at = 0; relations is not null && at < history.Length; at++)
        {
            if (IsLastOfItsType(history, at, out var type))
            {
                HoldBackSubstitutes(type, OwnGate(type, history, now), byType);
            }
        }
    }

    /// <summary>What the rule says of one candidate. The very items that the customer has are left to <see cref="BuyAgain"/>.</summary>
    /// <param name="item">The candidate.</param>
    /// <param name="history">The customer's lines.</param>
    /// <param name="byType">Filled by <see cref="ForTypes"/> from the same history.</param>
    public Gate ForItem(int item, ReadOnlySpan<PastPurchase> history, ReadOnlySpan<Gate> byType)
    {
        foreach (ref readonly var line in history)
        {
            if (line.Item == item && !line.IsGift)
            {
                return new Gate(0, GateReason.AlreadyBought, item);
            }
        }

        return _types.Of(item) is var type and not TypeTree.None ? byType[type] : Gate.Open;
    }

    private static void CheckOrder(ReadOnlySpan<PastPurchase> history)
    {
        for (var at = 1; at < history.Length; at++)
        {
            if (history[at].Time < history[at - 1].Time)
            {
                throw new ArgumentException("A history is given earliest first.", nameof(history));
            }
        }
    }

    private bool IsLastOfItsType(ReadOnlySpan<PastPurchase> history, int at, out int type)
    {
        type = _types.Of(history[at].Item);
        if (type == TypeTree.None || history[at].IsGift)
        {
            return false;
        }

        foreach (ref readonly var later in history[(at + 1)..])
        {
            if (!later.IsGift && _types.Of(later.Item) == type)
            {
                return false;
            }
        }

        return true;
    }

    private Gate OwnGate(int type, ReadOnlySpan<PastPurchase> history, long now)
    {
        var clock = clocks.Clocks[type];
        var days = clocks.DaysOfType(type, history);
        var since = (now - days.LastTime) / PurchaseDays.SecondsPerDay;
        var interval = clock.Kind == ProductKind.Consumable ? clocks.IntervalOf(clock, days) : clock.Interval;
        var factor = (float)clocks.Availability(clock.Kind, interval, since);
        return new Gate(factor, ReasonOf(clock.Kind, factor, since < interval), days.LastItem);
    }

    private static GateReason ReasonOf(ProductKind kind, float factor, bool isEarly) => (kind, factor) switch
    {
        (_, > 1) => GateReason.Due,
        (_, 1) => GateReason.None,
        (ProductKind.Durable, _) => GateReason.OwnsType,
        _ => isEarly ? GateReason.NotUsedUp : GateReason.Forgotten,
    };

    private void HoldBackSubstitutes(int type, Gate own, Span<Gate> byType)
    {
        // What was forgotten may well be what the substitute replaced.
        if (own.Factor >= 1 || own.Reason == GateReason.Forgotten)
        {
            return;
        }

        foreach (var substitute in relations!.SubstitutesOf(type))
        {
            if (substitute != type && own.Factor < byType[substitute].Factor)
            {
                byType[substitute] = new Gate(own.Factor, GateReason.OwnsSubstitute, own.Because);
            }
        }
    }
}
