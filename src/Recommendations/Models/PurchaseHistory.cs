using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Log;
using Wellmet.Science.Recommenders;

namespace Wellmet.Recommendations.Models;

/// <summary>What to learn from.</summary>
/// <param name="Products">The product of each item; every product of the catalogue, sold or not, is one.</param>
/// <param name="Labels">What the catalogue says of each item's product; null for one that is no longer there.</param>
/// <param name="Countries">Where each order went: ISO 3166 alpha-2 code; null where that is not known, or no country.</param>
/// <param name="Customers">The customer of each user, ascending.</param>
/// <param name="Position">Heads of the log before it was read.</param>
internal sealed record PurchaseData(
    Interactions Interactions, Guid[] Products, IReadOnlyList<ProductLabel?> Labels, IReadOnlyList<string?> Countries, Guid[] Customers, IReadOnlyDictionary<int, long> Position);

/// <summary>Reads all purchases from the log, less what was cancelled or came back. Once the shop has orders of its own, those of the demo shop are not among them.</summary>
public sealed class PurchaseHistory(LogReader log, LogHistory heads, ICatalog catalog, IStorefronts storefronts, ICustomers customers)
{
    /// <summary>A model has to follow when one of these was told.</summary>
    public static IReadOnlyList<Type> Events { get; } =
    [
        typeof(OrderPlaced), typeof(OrderExtended), typeof(OrderCancelled), typeof(ItemsReturned), typeof(ImportUndone),
        typeof(CustomerMerged), typeof(CustomerUnmerged), typeof(CustomerErased),
    ];

    /// <param name="progress">Told how many events were read so far.</param>
    internal async Task<PurchaseData> ReadAsync(Action<long> progress, CancellationToken ct)
    {
        // Heads first: what comes while we read may be in the model without being in its position, and is only looked at again.
        var position = await heads.HeadsAsync(ct);
        var leftOut = await storefronts.LeftOutAsync(ct);
        var lines = new PurchaseLines();
        var labels = (await catalog.AllAsync(ct)).Where(p => leftOut is null || !p.Demo).ToDictionary(p => p.ProductId);
        foreach (var product in labels.Keys)
        {
            lines.ItemOf(product);
        }
        var read = 0L;
        await VisitAsync<OrderPlaced>(o => { if (o.StorefrontId != leftOut) { lines.Add(o); } });
        await VisitAsync<OrderExtended>(lines.Add);
        await VisitAsync<OrderCancelled>(c => lines.Subtract(c.OrderId, c.Products));
        await VisitAsync<ItemsReturned>(r => lines.Subtract(r.OrderId, r.Products));
        await VisitAsync<CustomerErased>(e => lines.Forget(e.SubjectId));
        var (interactions, users) = lines.Build(await customers.CustomersOfAsync(lines.Subjects(), ct));
        return new PurchaseData(interactions, lines.Products, [.. lines.Products.Select(labels.GetValueOrDefault)], lines.Countries, users, position);

        Task VisitAsync<TEvent>(Action<TEvent> visit) where TEvent : ILogEvent => log.ForEachAsync<TEvent>(happened =>
        {
            visit(happened);
            progress(++read);
        }, ct);
    }
}
