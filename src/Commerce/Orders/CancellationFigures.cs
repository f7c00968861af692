using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Orders;

/// <summary>Derives a cancellation's sums from its lines.</summary>
internal static class CancellationFigures
{
    public static Task RefreshAsync(Transaction tx, IReadOnlyCollection<OrderKey> cancellations, CancellationToken ct) => tx.ExecuteAsync("""
        update commerce_cancellations as o set amount_minor = s.amount_minor, items = s.items, lines = s.lines
        from (
          select subject_id, cancellation_id, sum(amount_minor) as amount_minor, sum(case when kind = 'product' then quantity else 0 end) as items, count(*) as lines
          from commerce_cancellation_lines where subject_id in @subjects and cancellation_id in @ids group by subject_id, cancellation_id) s
        where s.subject_id = o.subject_id and s.cancellation_id = o.cancellation_id and o.subject_id in @subjects and o.cancellation_id in @ids
        """, new { subjects = cancellations.Select(c => c.SubjectId).Distinct(), ids = cancellations.Select(c => c.OrderId) }, ct);
}
