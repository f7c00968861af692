using Wellmet.Demo.Contract;
using Wellmet.Science.Statistics;

namespace Wellmet.Demo.Generator;

/// <summary>What becomes of an order: parcels, some of them late; cancellations, returns.</summary>
internal sealed class OrderFate(DemoPlan plan, SeededRandom random)
{
    private const double Cancelled = 0.03, Split = 0.22, Late = 0.09, Returned = 0.07;
    private static readonly string[] Carriers = ["DHL", "UPS", "GLS", "DPD"];
    private static readonly (string Reason, double Share)[] Reasons =
        [("unwanted", 0.42), ("not_as_described", 0.2), ("damaged", 0.17), ("wrong_item", 0.1), ("late", 0.06), ("other", 0.05)];

    public DemoOrder Of(string number, DateTimeOffset at, IReadOnlyList<DemoItem> items)
    {
        var order = new DemoOrder(number, at, items);
        var cancellation = Pick.Chance(random, Cancelled) ? Cancel(at, items) : null;
        var left = cancellation is null ? items : [.. items.Except(cancellation.Items)];
        var parcels = left.Count == 0 ? [] : Ship(at, left);
        return order with
        {
            Cancellation = cancellation,
            Parcels = parcels,
            Return = parcels.Count > 0 && parcels.All(p => p.DeliveredAt is not null) && Pick.Chance(random, Returned) ? SendBack(parcels, left) : null,
        };
    }

    /// <summary>The whole order, or one product of it, within hours.</summary>
    private DemoCancellation? Cancel(DateTimeOffset at, IReadOnlyList<DemoItem> items)
    {
        var when = at.AddMinutes(10 + random.Next(300));
        return when > plan.Now ? null : new DemoCancellation(when, Pick.Chance(random, 0.6) ? items : [items[random.Next(items.Count)]]);
    }

    private List<DemoParcel> Ship(DateTimeOffset at, IReadOnlyList<DemoItem> items)
    {
        var first = items.Count > 1 && Pick.Chance(random, Split) ? 1 + random.Next(items.Count - 1) : items.Count;
        var carrier = Carriers[random.Next(Carriers.Length)];
        return [.. new[] { items.Take(first), items.Skip(first) }.Where(part => part.Any()).Select(part => Parcel(at, carrier, [.. part])).Where(p => p.ShippedAt <= plan.Now)];
    }

    private DemoParcel Parcel(DateTimeOffset at, string carrier, IReadOnlyList<DemoItem> items)
    {
        var shipped = at.AddHours(5 + random.Next(60));
        var promised = shipped.Date.AddDays(2 + random.Next(3)).AddHours(20);
        var days = Pick.Chance(random, Late) ? 1 + random.Next(6) : -random.Next(2);
        var delivered = new DateTimeOffset(promised, TimeSpan.Zero).AddDays(days).AddMinutes(-random.Next(600));
        delivered = delivered > shipped ? delivered : shipped.AddHours(6);
        return new DemoParcel(carrier, shipped, new DateTimeOffset(promised, TimeSpan.Zero), delivered > plan.Now ? null : delivered, items);
    }

    private DemoReturn? SendBack(List<DemoParcel> parcels, IReadOnlyList<DemoItem> items)
    {
        var when = parcels.Max(p => p.DeliveredAt!.Value).AddHours(30 + random.Next(300));
        var reason = Reasons[Pick.Of(random, Reasons.Length, r => Reasons[r].Share)].Reason;
        return when > plan.Now ? null : new DemoReturn(when, reason, Pick.Chance(random, 0.35) ? items : [items[random.Next(items.Count)]]);
    }
}
