using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Catalog;

/// <summary>Counts what was sold of products, over their lines in orders.</summary>
internal static class ProductFigures
{
    public static async Task<Dictionary<Guid, ProductSales>> OfAsync(Session session, IReadOnlyCollection<Guid> products, CancellationToken ct) =>
        (await session.QueryAsync("""
            select product_id, count(distinct order_id), sum(quantity), sum(amount_minor), max(placed_at) from commerce_order_lines
            where product_id in @products and kind = 'product' group by product_id
            """, new { products }, r => (Product: r.Guid(0), Sales: new ProductSales(r.Long(1), r.Long(2), r.Long(3), r.Time(4))), ct)).ToDictionary(p => p.Product, p => p.Sales);
}
