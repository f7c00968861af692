using Wellmet.Commerce.Signals;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.ShopEvents;

/// <summary>Makes orders of what shops tell of them; counts what shoppers look at, and keeps what they do for them; hears what the shop says of its products by the way.</summary>
internal sealed class ShopEventsReceiver(FindToldStorefront storefronts, PlaceToldOrder place, FindToldProducts products, LogReader log) : IReceiver
{
    public IReadOnlyList<Type> Accepts => [typeof(ShopEventCollected), typeof(OrderEventCollected), typeof(CustomerErased)];

    public async Task ReceiveAsync(IReadOnlyList<Delivery> deliveries, Transaction tx, CancellationToken ct)
    {
        var interest = await products.RunAsync(tx, deliveries.Select(d => d.Event).OfType<ShopEventCollected>(), ct);
        await CountInterest.RunAsync(tx, interest, ct);
        await KeepSignals.RunAsync(tx, interest, ct);
        await KeepSignals.ForgetAsync(tx, [.. deliveries.Where(d => d.Event is CustomerErased).Select(d => d.SubjectId)], ct);
        foreach (var delivery in deliveries.Where(d => d.Event is OrderEventCollected))
        {
            if (await ReadAsync(tx, delivery, ct) is { } told)
            {
                await TakeAsync(tx, told, ct);
            }
        }
        // Last: products that an order made are known by now.
        await FillProducts.RunAsync(tx, deliveries.Select(d => d.Event), ct);
    }

    /// <summary>Null for an event that names no order: nothing can be told of it twice, or changed.</summary>
    private async Task<ToldEvent?> ReadAsync(Transaction tx, Delivery delivery, CancellationToken ct)
    {
        var told = (OrderEventCollected)delivery.Event;
        return ToldOrder.NumberOf(told) is { } number
            ? new ToldEvent(delivery, told, number, await storefronts.RunAsync(tx, told, number, ct))
            : null;
    }

    private async Task TakeAsync(Transaction tx, ToldEvent told, CancellationToken ct)
    {
        if (told.Event.Name is "Order Completed" or "Order Updated")
        {
            if (await place.RunAsync(tx, told, ct))
            {
                await CatchUpAsync(tx, told, ct);
            }
        }
        else if (told.IsOfShop)
        {
            // A page cannot take an order back. Where there is none yet, it is caught up with once the order is told.
            await ChangeToldOrder.RunAsync(tx, told, ct);
        }
    }

    /// <summary>What the shop told of the order before it told the order itself.</summary>
    private async Task CatchUpAsync(Transaction tx, ToldEvent placed, CancellationToken ct)
    {
        foreach (var earlier in await log.OfSubjectsAsync(tx, [placed.Event.SubjectId], [typeof(OrderEventCollected)], ct))
        {
            if (earlier.Seq < placed.Delivery.Seq && earlier.Event is OrderEventCollected { Name: "Order Cancelled" or "Order Refunded", Source.FromServer: true } told
                && ToldOrder.NumberOf(told) == placed.Number && await ReadAsync(tx, earlier, ct) is { } read && read.Storefront == placed.Storefront)
            {
                await ChangeToldOrder.RunAsync(tx, read, ct);
            }
        }
    }
}
