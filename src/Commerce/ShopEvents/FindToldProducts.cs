using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.ShopEvents;

/// <summary>What a shopper did with a product that is known.</summary>
internal readonly record struct ToldProduct(ShopEventCollected Event, Guid ProductId);

/// <summary>Finds the products that shoppers looked at, put into baskets, wished for and rated, or took back.</summary>
internal sealed class FindToldProducts(TimeProvider time)
{
    private const int MostProducts = 50;

    public async Task<IReadOnlyList<ToldProduct>> RunAsync(Transaction tx, IEnumerable<ShopEventCollected> events, CancellationToken ct)
    {
        // What is told much later is on the timeline only: a key that stands in a page must not fill years of days.
        var since = time.GetUtcNow().AddDays(-Catalog.ReadProduct.InterestDays);
        var shown = events.Where(e => e.OccurredAt >= since && ProductSignal.ChangesOf(e).Count > 0)
            .SelectMany(e => CodesOf(e.Source.Properties).Select(sku => (Event: e, Sku: sku))).ToList();
        if (shown.Count == 0)
        {
            return [];
        }
        var known = (await tx.QueryAsync("select sku, product_id from commerce_products where sku in @skus", new { skus = shown.Select(e => e.Sku).Distinct() },
            r => (Sku: r.Text(0), Id: r.Guid(1)), ct)).ToDictionary(p => p.Sku, p => p.Id);
        return [.. shown.Where(e => known.ContainsKey(e.Sku)).Select(e => new ToldProduct(e.Event, known[e.Sku]))];
    }

    /// <summary>Google Analytics may put several products into one event.</summary>
    private static IEnumerable<string> CodesOf(EventProperties properties) =>
        ToldValues.Products(properties).Take(MostProducts).Prepend(properties.Root).Select(ToldValues.ProductCode).OfType<string>().Distinct();
}
