using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Imports;

/// <summary>Orders of an import of which staff, or another file, recorded something since: with the orders gone, that would belong to nothing and go on counting.</summary>
internal static class HandledOrders
{
    /// <exception cref="ProblemException"><c>import_in_use</c>.</exception>
    public static async Task DemandNoneAsync(Session session, Guid importId, CancellationToken ct)
    {
        var number = await session.FirstAsync("""
            select o.number from commerce_orders o
            where o.import_id = @importId
              and not exists (select 1 from commerce_named_documents n where n.subject_id = o.subject_id and n.document_id = o.order_id)
              and (exists (select 1 from commerce_shipments s where s.subject_id = o.subject_id and s.order_id = o.order_id and (s.import_id is null or s.import_id <> @importId))
                or exists (select 1 from commerce_returns r where r.subject_id = o.subject_id and r.order_id = o.order_id and r.import_id is null)
                or exists (select 1 from commerce_cancellation_lines c where c.subject_id = o.subject_id and c.order_id = o.order_id and c.import_id is null))
            order by o.number limit 1
            """, new { importId }, r => r.Text(0), ct);
        if (number is not null)
        {
            throw new ProblemException("import_in_use",
                "Parcels, returns or cancellations were recorded for orders of this import, such as {0}. They would be left without their order: the import cannot be undone.", 409, number);
        }
    }
}
