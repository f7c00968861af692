using Wellmet.Commerce.Orders;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Imports;

/// <summary>
/// Takes back what an import wrote, some documents at a time. A document that other imports named, too, is read anew from what they say: it
/// stands as if the import had never been. So does a cancellation whose order goes, or that found none for the import's own.
/// </summary>
internal sealed class UndoSales(RereadDocuments reread)
{
    private const int Rows = 1000;

    /// <summary>True when nothing is left.</summary>
    public async Task<bool> RunAsync(Transaction tx, Guid importId, CancellationToken ct) =>
        !(await DocumentsAsync(tx, DocumentTables.Cancellations, importId, ct)
          || await DocumentsAsync(tx, DocumentTables.Orders, importId, ct)
          || await NamedAsync(tx, "commerce_named_lines", importId, ct)
          || await NamedAsync(tx, "commerce_named_documents", importId, ct)
          || await UndoProducts.RunAsync(tx, importId, ct)
          || await StorefrontsAsync(tx, importId, ct));

    private async Task<bool> DocumentsAsync(Transaction tx, DocumentTables tables, Guid importId, CancellationToken ct)
    {
        var keys = await ImportedDocuments.SomeAsync(tx, tables, importId, ct);
        if (keys.Count == 0)
        {
            return false;
        }
        var (orders, products) = await TouchedAsync(tx, tables, keys, ct);
        var documents = await ImportedDocuments.WithoutAsync(tx, tables, keys, importId, ct);
        await ImportedDocuments.DeleteLinesAsync(tx, tables, documents.FindAll(d => d.Stands), importId, ct);
        var changed = documents.FindAll(d => !d.Stands);
        var looseKeys = await LooseCancellationsAsync(tx, documents, importId, ct);
        var (ordersOfLoose, _) = await TouchedAsync(tx, DocumentTables.Cancellations, looseKeys, ct);
        var loose = await ImportedDocuments.WithoutAsync(tx, DocumentTables.Cancellations, looseKeys, importId, ct);
        await LetGoAsync(tx, changed, ct);
        await reread.RunAsync(tx, changed.FindAll(d => d.Kind == DocumentKind.Order), changed.FindAll(d => d.Kind == DocumentKind.Cancellation), loose, importId, ct);
        await OrderFigures.RefreshAsync(tx, [.. orders, .. ordersOfLoose], ct);
        await ProductPrices.RefreshAsync(tx, products, ct);
        return true;
    }

    /// <summary>Orders whose figures follow from the documents, and products whose price may come from them.</summary>
    private static async Task<(List<OrderKey> Orders, List<Guid> Products)> TouchedAsync(Transaction tx, DocumentTables tables, List<OrderKey> keys, CancellationToken ct)
    {
        var lines = await tx.QueryAsync($"select subject_id, order_id, product_id from {tables.Lines} where subject_id in @subjects and {tables.Id} in @ids",
            new { subjects = keys.Select(k => k.SubjectId).Distinct(), ids = keys.Select(k => k.OrderId) },
            r => (Subject: r.Guid(0), Order: r.GuidOrNull(1), Product: r.GuidOrNull(2)), ct);
        return ([.. lines.Where(l => l.Order is not null).Select(l => new OrderKey(l.Subject, l.Order!.Value)).Distinct()],
            tables.Kind == DocumentKind.Order ? [.. lines.Select(l => l.Product).OfType<Guid>().Distinct()] : []);
    }

    /// <summary>Cancellations of other imports, of the same people, that have a line without an order, or with one of these.</summary>
    private static async Task<List<OrderKey>> LooseCancellationsAsync(Transaction tx, List<ImportedDocument> documents, Guid importId, CancellationToken ct) => [.. (await tx.QueryAsync("""
        select distinct c.subject_id, c.cancellation_id from commerce_cancellation_lines l
        join commerce_cancellations c on c.subject_id = l.subject_id and c.cancellation_id = l.cancellation_id
        where l.subject_id in @subjects and (l.order_id is null or l.order_id in @ids) and c.import_id <> @importId and l.import_id <> @importId
        """, new { subjects = documents.Select(d => d.SubjectId).Distinct(), ids = documents.Select(d => d.DocumentId), importId },
        r => new OrderKey(r.Guid(0), r.Guid(1)), ct)).Except(documents.Select(d => new OrderKey(d.SubjectId, d.DocumentId)))];

    /// <summary>What staff cancelled of an order that goes is of no order.</summary>
    private static async Task LetGoAsync(Transaction tx, List<ImportedDocument> documents, CancellationToken ct)
    {
        var gone = documents.FindAll(d => d.Parts.Count == 0);
        await tx.ExecuteAsync("update commerce_cancellation_lines set order_id = null where subject_id in @subjects and order_id in @ids and import_id is null",
            new { subjects = gone.Select(d => d.SubjectId).Distinct(), ids = gone.Select(d => d.DocumentId) }, ct);
    }

    private static async Task<bool> NamedAsync(Transaction tx, string table, Guid importId, CancellationToken ct)
    {
        var documents = await tx.QueryAsync($"select subject_id, document_id from {table} where import_id = @importId limit {Rows}", new { importId }, r => new OrderKey(r.Guid(0), r.Guid(1)), ct);
        await tx.ExecuteAsync($"delete from {table} where subject_id in @subjects and document_id in @ids and import_id = @importId",
            new { subjects = documents.Select(d => d.SubjectId).Distinct(), ids = documents.Select(d => d.OrderId).Distinct(), importId }, ct);
        return documents.Count > 0;
    }

    /// <summary>A storefront with other orders is from then on that of the import that brought the first of them.</summary>
    private static async Task<bool> StorefrontsAsync(Transaction tx, Guid importId, CancellationToken ct)
    {
        await tx.ExecuteAsync("""
            delete from commerce_storefronts where import_id = @importId
              and not exists (select 1 from commerce_order_numbers n where n.storefront_id = commerce_storefronts.storefront_id)
            """, new { importId }, ct);
        return await tx.ExecuteAsync("""
            update commerce_storefronts set import_id = (
              select n.import_id from commerce_order_numbers n where n.storefront_id = commerce_storefronts.storefront_id and n.import_id is not null order by n.import_id limit 1)
            where import_id = @importId
            """, new { importId }, ct) > 0;
    }
}
