using Wellmet.Commerce.Orders;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Imports;

/// <summary>
/// Takes back what an import wrote, some rows at a time. What other imports still need stays and is theirs from then on: an order to which
/// a later file added lines, a product that another file sold.
/// </summary>
internal static class UndoSales
{
    private const int Rows = 1000;

    /// <summary>True when nothing is left.</summary>
    public static async Task<bool> RunAsync(Transaction tx, Guid importId, CancellationToken ct) =>
        !(await CancellationLinesAsync(tx, importId, ct)
          || await CancellationsAsync(tx, importId, ct)
          || await OrderLinesAsync(tx, importId, ct)
          || await OrdersAsync(tx, importId, ct)
          || await ProductsAsync(tx, importId, ct)
          || await StorefrontsAsync(tx, importId, ct));

    private static async Task<bool> CancellationLinesAsync(Transaction tx, Guid importId, CancellationToken ct)
    {
        const string key = "subject_id, cancellation_id, sku, quantity, unit_price, occurrence";
        var deleted = await tx.QueryAsync($"""
            delete from commerce_cancellation_lines where ({key}) in (
              select {key} from commerce_cancellation_lines where import_id = @importId limit {Rows})
            returning subject_id, cancellation_id, order_id
            """, new { importId }, r => (Subject: r.Guid(0), Cancellation: r.Guid(1), Order: r.GuidOrNull(2)), ct);
        if (deleted.Count > 0)
        {
            await CancellationFigures.RefreshAsync(tx, [.. deleted.Select(d => new OrderKey(d.Subject, d.Cancellation)).Distinct()], ct);
            await OrderFigures.RefreshAsync(tx, [.. deleted.Where(d => d.Order is not null).Select(d => new OrderKey(d.Subject, d.Order!.Value))], ct);
        }
        return deleted.Count > 0;
    }

    private static async Task<bool> CancellationsAsync(Transaction tx, Guid importId, CancellationToken ct)
    {
        var documents = await DocumentsAsync(tx, "commerce_cancellations", "cancellation_id", "commerce_cancellation_lines", importId, ct);
        await HandOverAsync(tx, "commerce_cancellations", "cancellation_id", documents, ct);
        return documents.Count > 0;
    }

    private static async Task<bool> OrderLinesAsync(Transaction tx, Guid importId, CancellationToken ct)
    {
        const string key = "subject_id, order_id, sku, quantity, unit_price, occurrence";
        var deleted = await tx.QueryAsync($"""
            delete from commerce_order_lines where ({key}) in (
              select {key} from commerce_order_lines where import_id = @importId limit {Rows})
            returning subject_id, order_id, product_id
            """, new { importId }, r => (Order: new OrderKey(r.Guid(0), r.Guid(1)), Product: r.GuidOrNull(2)), ct);
        if (deleted.Count > 0)
        {
            await OrderFigures.RefreshAsync(tx, [.. deleted.Select(d => d.Order)], ct);
            await ProductPrices.RefreshAsync(tx, [.. deleted.Select(d => d.Product).OfType<Guid>()], ct);
        }
        return deleted.Count > 0;
    }

    private static async Task<bool> OrdersAsync(Transaction tx, Guid importId, CancellationToken ct)
    {
        var documents = await DocumentsAsync(tx, "commerce_orders", "order_id", "commerce_order_lines", importId, ct);
        await HandOverAsync(tx, "commerce_orders", "order_id", documents, ct);
        return documents.Count > 0;
    }

    /// <summary>Documents that the import made, with the other import of which lines are left in them, if any.</summary>
    private static Task<List<Document>> DocumentsAsync(Transaction tx, string table, string id, string lines, Guid importId, CancellationToken ct) => tx.QueryAsync($"""
        select d.subject_id, d.{id}, d.storefront_id, d.number,
          (select l.import_id from {lines} l where l.subject_id = d.subject_id and l.{id} = d.{id} order by l.import_id limit 1),
          (select count(*) from {lines} l where l.subject_id = d.subject_id and l.{id} = d.{id})
        from {table} d where d.import_id = @importId limit {Rows}
        """, new { importId }, r => new Document(r.Guid(0), r.Guid(1), r.Guid(2), r.Text(3), r.GuidOrNull(4), r.Long(5) > 0), ct);

    private static async Task HandOverAsync(Transaction tx, string table, string id, List<Document> documents, CancellationToken ct)
    {
        var empty = documents.FindAll(d => !d.Stays);
        var keys = new { subjects = empty.Select(d => d.SubjectId).Distinct(), ids = empty.Select(d => d.Id) };
        await tx.ExecuteAsync($"delete from {table} where subject_id in @subjects and {id} in @ids", keys, ct);
        await tx.ExecuteAsync("delete from commerce_order_numbers where storefront_id in @storefronts and number in @numbers and document_id in @ids",
            new { storefronts = empty.Select(d => d.StorefrontId).Distinct(), numbers = empty.Select(d => d.Number), ids = empty.Select(d => d.Id) }, ct);
        foreach (var d in documents.Where(d => d.Stays))
        {
            await tx.ExecuteAsync($"update {table} set import_id = @Heir where subject_id = @SubjectId and {id} = @Id", d, ct);
            await tx.ExecuteAsync("update commerce_order_numbers set import_id = @Heir where storefront_id = @StorefrontId and number = @Number and document_id = @Id", d, ct);
        }
    }

    private static async Task<bool> ProductsAsync(Transaction tx, Guid importId, CancellationToken ct)
    {
        var products = await tx.QueryAsync($"select product_id from commerce_products where import_id = @importId limit {Rows}", new { importId }, r => r.Guid(0), ct);
        await tx.ExecuteAsync("""
            delete from commerce_products where product_id in @products
              and not exists (select 1 from commerce_order_lines l where l.product_id = commerce_products.product_id)
              and not exists (select 1 from commerce_cancellation_lines c where c.product_id = commerce_products.product_id)
            """, new { products }, ct);
        await tx.ExecuteAsync("""
            update commerce_products set import_id = coalesce(
              (select l.import_id from commerce_order_lines l where l.product_id = commerce_products.product_id order by l.placed_at limit 1),
              (select c.import_id from commerce_cancellation_lines c where c.product_id = commerce_products.product_id limit 1))
            where product_id in @products
            """, new { products }, ct);
        return products.Count > 0;
    }

    private static async Task<bool> StorefrontsAsync(Transaction tx, Guid importId, CancellationToken ct)
    {
        await tx.ExecuteAsync("""
            delete from commerce_storefronts where import_id = @importId
              and not exists (select 1 from commerce_order_numbers n where n.storefront_id = commerce_storefronts.storefront_id)
            """, new { importId }, ct);
        return await tx.ExecuteAsync("update commerce_storefronts set import_id = null where import_id = @importId", new { importId }, ct) > 0;
    }

    private sealed record Document(Guid SubjectId, Guid Id, Guid StorefrontId, string Number, Guid? Heir, bool Stays);
}
