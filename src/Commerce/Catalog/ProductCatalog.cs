using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Catalog;

/// <summary>Answers other modules' questions about products, as they stand now.</summary>
internal sealed class ProductCatalog(Database database, TimeProvider time) : ICatalog
{
    private const string Labels = """
        select p.product_id, p.sku, p.name, p.type, p.kind, coalesce(p.listed_price, p.unit_price), p.currency, p.active,
          exists (select 1 from commerce_storefronts f where f.demo and f.import_id = p.import_id), p.brand, p.seller, c.name, p.stock, p.available_since
        from commerce_products p left join commerce_categories c on c.category_id = p.category_id
        """;

    public Task<IReadOnlyDictionary<Guid, ProductLabel>> LabelsAsync(IReadOnlyCollection<Guid> products, CancellationToken ct) =>
        PagedAsync(products, $"{Labels} where p.product_id in @page", Label, p => p.ProductId, ct);

    public async Task<IReadOnlyDictionary<string, ProductLabel>> BySkuAsync(IReadOnlyCollection<string> skus, CancellationToken ct) =>
        (await database.ReadAsync(s => s.QueryAsync($"{Labels} where p.sku in @skus", new { skus = skus.Distinct() }, Label, ct), ct)).ToDictionary(p => p.Sku);

    public async Task<IReadOnlyList<ProductLabel>> AllAsync(CancellationToken ct) =>
        await database.ReadAsync(s => s.QueryAsync($"{Labels} order by p.product_id", null, Label, ct), ct);

    public Task<IReadOnlyDictionary<Guid, ProductLinks>> LinksAsync(IReadOnlyCollection<Guid> products, CancellationToken ct) =>
        PagedAsync(products, "select product_id, image_url, page_url from commerce_products where product_id in @page", r => new ProductLinks(r.Guid(0), r.TextOrNull(1), r.TextOrNull(2)), p => p.ProductId, ct);

    private async Task<IReadOnlyDictionary<Guid, T>> PagedAsync<T>(IReadOnlyCollection<Guid> products, string sql, Func<Row, T> read, Func<T, Guid> id, CancellationToken ct)
    {
        var all = new Dictionary<Guid, T>(products.Count);
        foreach (var page in products.Distinct().Chunk(1000))
        {
            var found = await database.ReadAsync(s => s.QueryAsync(sql, new { page }, read, ct), ct);
            found.ForEach(p => all[id(p)] = p);
        }
        return all;
    }

    private ProductLabel Label(Row r)
    {
        var currency = r.Text(6);
        return new ProductLabel(r.Guid(0), r.Text(1), r.Text(2), r.Enum<ProductType>(3), r.TextOrNull(4), UnitPrice.Minor(r.LongOrNull(5), currency), currency, r.Bool(7), r.Bool(8))
        {
            Brand = r.TextOrNull(9), Seller = r.TextOrNull(10), Category = r.TextOrNull(11), Stock = r.LongOrNull(12),
            DaysOffered = r.IsNull(13) ? null : DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).DayNumber - r.Day(13).DayNumber,
        };
    }
}

/// <summary>Unit prices, kept in 1/10000, as money.</summary>
internal static class UnitPrice
{
    public static long? Minor(long? unitPrice, string currency) =>
        unitPrice is { } price ? Money.From(price / (decimal)Orders.LineAmount.PriceScale, currency).Minor : null;
}
