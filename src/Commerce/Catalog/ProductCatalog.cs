using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Catalog;

/// <summary>Answers other modules' questions about products.</summary>
internal sealed class ProductCatalog(Database database) : ICatalog
{
    private const string Columns = "product_id, sku, name, type, kind, unit_price, currency, active, exists (select 1 from commerce_storefronts f where f.demo and f.import_id = p.import_id)";

    public async Task<IReadOnlyDictionary<Guid, ProductLabel>> LabelsAsync(IReadOnlyCollection<Guid> products, CancellationToken ct)
    {
        var labels = new Dictionary<Guid, ProductLabel>(products.Count);
        foreach (var page in products.Distinct().Chunk(1000))
        {
            var found = await database.ReadAsync(s => s.QueryAsync($"select {Columns} from commerce_products p where product_id in @page", new { page }, Label, ct), ct);
            found.ForEach(p => labels[p.ProductId] = p);
        }
        return labels;
    }

    public async Task<IReadOnlyDictionary<string, ProductLabel>> BySkuAsync(IReadOnlyCollection<string> skus, CancellationToken ct) =>
        (await database.ReadAsync(s => s.QueryAsync($"select {Columns} from commerce_products p where sku in @skus", new { skus = skus.Distinct() }, Label, ct), ct)).ToDictionary(p => p.Sku);

    public async Task<IReadOnlyList<ProductLabel>> AllAsync(CancellationToken ct) =>
        await database.ReadAsync(s => s.QueryAsync($"select {Columns} from commerce_products p order by product_id", null, Label, ct), ct);

    private static ProductLabel Label(Row r)
    {
        var currency = r.Text(6);
        return new ProductLabel(r.Guid(0), r.Text(1), r.Text(2), r.Enum<ProductType>(3), r.TextOrNull(4),
            UnitPrice.Minor(r.LongOrNull(5), currency), currency, r.Bool(7), r.Bool(8));
    }
}

/// <summary>Unit prices, kept in 1/10000, as money.</summary>
internal static class UnitPrice
{
    public static long? Minor(long? unitPrice, string currency) =>
        unitPrice is { } price ? Money.From(price / (decimal)Orders.LineAmount.PriceScale, currency).Minor : null;
}
