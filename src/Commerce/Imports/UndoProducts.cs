using Wellmet.Commerce.Catalog;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Imports;

/// <summary>
/// Takes back the products that an import brought, some at a time. One that others sold, or that another catalogue names, stays, is theirs from
/// then on, and bears the name that they give it.
/// </summary>
internal static class UndoProducts
{
    private const int Most = 1000;

    /// <summary>False when nothing is left.</summary>
    public static async Task<bool> RunAsync(Transaction tx, Guid importId, CancellationToken ct)
    {
        var products = await tx.QueryAsync($"select product_id from commerce_products where import_id = @importId limit {Most}", new { importId }, r => r.Guid(0), ct);
        await tx.ExecuteAsync("""
            delete from commerce_products where product_id in @products
              and not exists (select 1 from commerce_order_lines l where l.product_id = commerce_products.product_id)
              and not exists (select 1 from commerce_cancellation_lines c where c.product_id = commerce_products.product_id)
              and not exists (select 1 from commerce_catalogue_words w where w.product_id = commerce_products.product_id and w.import_id <> @importId and w.names)
            """, new { products, importId }, ct);
        await tx.ExecuteAsync("""
            update commerce_products set import_id = coalesce(
              (select l.import_id from commerce_order_lines l where l.product_id = commerce_products.product_id order by l.import_id limit 1),
              (select c.import_id from commerce_cancellation_lines c where c.product_id = commerce_products.product_id order by c.import_id limit 1),
              (select w.import_id from commerce_catalogue_words w where w.product_id = commerce_products.product_id and w.import_id <> @importId and w.names order by w.import_id limit 1))
            where product_id in @products
            """, new { products, importId }, ct);
        foreach (var (product, name) in await OtherNamesAsync(tx, products, ct))
        {
            await RenameAsync(tx, product, name, ct);
        }
        return products.Count > 0;
    }

    /// <summary>A line has a name of its own where it is not the product's: products that no line calls by their name, and what the first line calls them.</summary>
    private static async Task<IEnumerable<(Guid Product, string Name)>> OtherNamesAsync(Transaction tx, List<Guid> products, CancellationToken ct) => (await tx.QueryAsync("""
        select l.product_id, l.name from commerce_order_lines l
        where l.product_id in @products and l.name is not null
          and not exists (select 1 from commerce_order_lines o where o.product_id = l.product_id and o.name is null)
          and not exists (select 1 from commerce_cancellation_lines c where c.product_id = l.product_id and c.name is null)
        order by l.placed_at, l.order_id, l.sku
        """, new { products }, r => (Product: r.Guid(0), Name: r.Text(1)), ct)).DistinctBy(n => n.Product);

    /// <summary>Lines without a name meant the product's old one.</summary>
    private static async Task RenameAsync(Transaction tx, Guid product, string name, CancellationToken ct)
    {
        await tx.ExecuteAsync("""
            update commerce_named_lines set name = case when commerce_named_lines.name is null then p.name when commerce_named_lines.name = @name then null else commerce_named_lines.name end
            from commerce_products p where p.product_id = @product and p.sku = commerce_named_lines.sku
            """, new { product, name }, ct);
        var inferred = InferredType.Of(name);
        await tx.ExecuteAsync("""
            update commerce_products set name = @name,
              type = case when type_source = 'inferred' then @Type else type end, kind = case when kind_source = 'inferred' then @Kind else kind end
            where product_id = @product
            """, new { product, name, inferred.Type, inferred.Kind }, ct);
        foreach (var table in new[] { "commerce_order_lines", "commerce_cancellation_lines" })
        {
            await tx.ExecuteAsync($"update {table} set name = null where product_id = @product and name = @name", new { product, name }, ct);
        }
    }
}
