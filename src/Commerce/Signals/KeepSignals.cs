using Wellmet.Commerce.Contract;
using Wellmet.Commerce.ShopEvents;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Signals;

/// <summary>
/// Keeps when somebody last looked at a product, put it into the basket or on the wish list, or rated it. Whoever may not be measured is not in the log, and so not here. What a subject did
/// before the last <see cref="Most"/> products of a kind makes room: a page can be made to do everything.
/// </summary>
internal static class KeepSignals
{
    public const int Most = 200;

    private static readonly BulkInsert<ProductSignal> Keep = new("commerce_signals",
        new("subject_id", typeof(Guid), s => s.SubjectId),
        new("kind", typeof(InterestKind), s => s.Kind),
        new("product_id", typeof(Guid), s => s.ProductId),
        new("happened_at", typeof(DateTimeOffset), s => s.At))
    {
        OnConflict = "on conflict (subject_id, kind, product_id) do update set happened_at = excluded.happened_at where excluded.happened_at > commerce_signals.happened_at",
    };

    public static async Task RunAsync(Transaction tx, IReadOnlyCollection<ToldProduct> told, CancellationToken ct)
    {
        // Of what was done and taken back the last one counts; at the same moment, what was taken back.
        var last = (from t in told
                    from change in ProductSignal.ChangesOf(t.Event)
                    group (Signal: new ProductSignal(t.Event.SubjectId, t.ProductId, change.Kind, t.Event.OccurredAt), change.Given) by (t.Event.SubjectId, change.Kind, t.ProductId) into same
                    orderby same.Key.SubjectId, same.Key.Kind, same.Key.ProductId // one order for all nodes: no deadlocks
                    select same.OrderBy(s => s.Signal.At).ThenByDescending(s => s.Given).Last()).ToList();
        foreach (var (back, _) in last.Where(l => !l.Given))
        {
            await tx.ExecuteAsync("delete from commerce_signals where subject_id = @SubjectId and kind = @Kind and product_id = @ProductId and happened_at <= @At",
                new { back.SubjectId, back.Kind, back.ProductId, back.At }, ct);
        }
        var given = last.Where(l => l.Given).Select(l => l.Signal).ToList();
        if (given.Count == 0)
        {
            return;
        }
        await Keep.RunAsync(tx, given, ct);
        var full = await tx.QueryAsync("select subject_id, kind from commerce_signals where subject_id in @subjects group by subject_id, kind having count(*) > @Most",
            new { subjects = given.Select(s => s.SubjectId).Distinct(), Most }, r => (Subject: r.Guid(0), Kind: r.Enum<InterestKind>(1)), ct);
        foreach (var (subject, kind) in full)
        {
            await tx.ExecuteAsync("""
                delete from commerce_signals where subject_id = @subject and kind = @kind and product_id not in (
                  select product_id from commerce_signals where subject_id = @subject and kind = @kind order by happened_at desc, product_id limit @Most)
                """, new { subject, kind, Most }, ct);
        }
    }

    /// <summary>Of people who were erased. The receiver may come to what they did only after their rows were deleted; that they were erased comes after it.</summary>
    public static async Task ForgetAsync(Transaction tx, IReadOnlyCollection<Guid> subjects, CancellationToken ct)
    {
        if (subjects.Count > 0)
        {
            await tx.ExecuteAsync("delete from commerce_signals where subject_id in @subjects", new { subjects }, ct);
        }
    }
}
