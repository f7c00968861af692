using Wellmet.Commerce.Orders;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Imports;

/// <summary>Finds what stands already of the documents that a batch speaks of.</summary>
internal sealed class StandingDocuments(Database database)
{
    public Task<Dictionary<(DocumentKind, string), StandingDocument>> FindAsync(Guid storefrontId, List<SalesDocument> documents, CancellationToken ct) =>
        database.ReadAsync(async session =>
        {
            var standing = new Dictionary<(DocumentKind, string), StandingDocument>();
            foreach (var page in documents.Select(d => d.Number).Distinct().Chunk(500))
            {
                await FindAsync(session, storefrontId, page, standing, ct);
            }
            return standing;
        }, ct);

    private static async Task FindAsync(
        Session session, Guid storefrontId, string[] numbers, Dictionary<(DocumentKind, string), StandingDocument> standing, CancellationToken ct)
    {
        var found = await session.QueryAsync("""
            select n.document, n.number, n.subject_id, n.document_id,
              coalesce(o.placed_at, c.placed_at), coalesce(o.anonymous, c.anonymous), coalesce(o.lines, 0), n.import_id,
              coalesce(o.currency, c.currency),
              case when o.told_by = 'page' and not exists (select 1 from commerce_shipments x where x.subject_id = o.subject_id and x.order_id = o.order_id)
                and not exists (select 1 from commerce_returns x where x.subject_id = o.subject_id and x.order_id = o.order_id)
                and not exists (select 1 from commerce_cancellation_lines x where x.subject_id = o.subject_id and x.order_id = o.order_id) then 1 else 0 end
            from commerce_order_numbers n
            left join commerce_orders o on o.subject_id = n.subject_id and o.order_id = n.document_id
            left join commerce_cancellations c on c.subject_id = n.subject_id and c.cancellation_id = n.document_id
            where n.storefront_id = @storefrontId and n.number in @numbers
            """, new { storefrontId, numbers }, r => (Kind: r.Enum<DocumentKind>(0), Number: r.Text(1),
            Document: new StandingDocument(r.Guid(2), r.Guid(3), r.GuidOrNull(7), r.Time(4), r.Text(8), r.Bool(5), r.Long(6) > 0, []) { IsHearsay = r.Int(9) == 1 }), ct);
        if (found.Count == 0)
        {
            return;
        }
        found.ForEach(f => standing[(f.Kind, f.Number)] = f.Document);
        var byId = found.ToDictionary(f => f.Document.DocumentId, f => f.Document);
        var keys = new { subjects = found.Select(f => f.Document.SubjectId).Distinct(), ids = byId.Keys };
        await session.ForEachAsync("""
            select order_id, sku, quantity, unit_price, occurrence from commerce_order_lines where subject_id in @subjects and order_id in @ids
            union all
            select cancellation_id, sku, quantity, unit_price, occurrence from commerce_cancellation_lines where subject_id in @subjects and cancellation_id in @ids
            """, keys, r => byId[r.Guid(0)].Lines.Add(new LineKey(r.Text(1), r.Long(2), r.Long(3), r.Int(4))), ct);
    }
}
