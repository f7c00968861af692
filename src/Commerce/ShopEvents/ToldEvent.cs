using Wellmet.Commerce.Contract;
using Wellmet.Commerce.Storefronts;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.ShopEvents;

/// <summary>An event about an order, with the number and the storefront of that order.</summary>
internal sealed record ToldEvent(Delivery Delivery, OrderEventCollected Event, string Number, Storefront Storefront)
{
    public bool IsOfShop => Event.Source.FromServer;

    /// <summary>Tells what came of it; what was told late fires nothing.</summary>
    public void Tell(Transaction tx, ILogEvent happened)
    {
        if (Delivery.Live)
        {
            tx.Append(happened);
        }
        else
        {
            tx.AppendHistory(happened, importId: null);
        }
    }
}
