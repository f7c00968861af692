using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Imports;

/// <summary>
/// Sets each product's price to that of the latest line that sold it; among lines of the same time the highest price. What only a page told is no
/// price.
/// </summary>
internal sealed class ProductPrices(Database database)
{
    private const int Page = 200;

    private const string Sold = """
        l.kind = 'product' and (l.import_id is not null or exists (
          select 1 from commerce_orders o where o.subject_id = l.subject_id and o.order_id = l.order_id and o.told_by <> 'page'))
        """;

    public async Task RunAsync(IReadOnlyCollection<string> skus, CancellationToken ct)
    {
        foreach (var page in skus.Chunk(Page))
        {
            await database.WriteAsync(tx => RefreshAsync(tx, "sku in @page", new { page }, ct), ct);
        }
    }

    public static async Task RefreshAsync(Transaction tx, IReadOnlyCollection<Guid> products, CancellationToken ct)
    {
        foreach (var page in products.Distinct().Chunk(Page))
        {
            await RefreshAsync(tx, "product_id in @page", new { page }, ct);
        }
    }

    private static Task RefreshAsync(Transaction tx, string chosen, object keys, CancellationToken ct) => tx.ExecuteAsync($"""
        with latest as (
          select p.product_id, (
            select max(l.placed_at) from commerce_order_lines l where l.product_id = p.product_id and {Sold}) as placed_at
          from commerce_products p where {chosen})
        update commerce_products as p set priced_at = latest.placed_at, unit_price = (
            select max(l.unit_price) from commerce_order_lines l where l.product_id = p.product_id and l.placed_at = latest.placed_at and {Sold})
        from latest where latest.product_id = p.product_id
        """, keys, ct);
}
