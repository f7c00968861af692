using Wellmet.Commerce.Contract;
using Wellmet.Commerce.ShopEvents;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Signals;

/// <summary>
/// Keeps when somebody last looked at a product, put it into the basket or on the wish list, or rated it, or else when they took that back: the later of both, and of the same moment what was taken back, in whichever order they are told. Whoever
/// may not be measured is not in the log, and so not here. What a subject did before the last <see cref="Most"/> products of a kind makes room: a page can be made to do everything.
/// </summary>
internal static class KeepSignals
{
    public const int Most = 200;

    internal const string Given = "commerce_signals", Back = "commerce_signals_back";

    private static readonly BulkInsert<ProductSignal> KeepGiven = Keep(Given), KeepBack = Keep(Back);

    private static BulkInsert<ProductSignal> Keep(string table) => new(table,
        new("subject_id", typeof(Guid), s => s.SubjectId),
        new("kind", typeof(InterestKind), s => s.Kind),
        new("product_id", typeof(Guid), s => s.ProductId),
        new("happened_at", typeof(DateTimeOffset), s => s.At))
    {
        OnConflict = $"on conflict (subject_id, kind, product_id) do update set happened_at = excluded.happened_at where excluded.happened_at > {table}.happened_at",
    };

    public static async Task RunAsync(Transaction tx, IReadOnlyCollection<ToldProduct> told, CancellationToken ct)
    {
        var changes = (from t in told
                       from change in ProductSignal.ChangesOf(t.Event)
                       group new ProductSignal(t.Event.SubjectId, t.ProductId, change.Kind, t.Event.OccurredAt) by (t.Event.SubjectId, change.Kind, t.ProductId, change.Given) into same
                       orderby same.Key.SubjectId, same.Key.Kind, same.Key.ProductId // one order for all nodes: no deadlocks
                       select (Signal: same.MaxBy(s => s.At), same.Key.Given)).ToList();
        await KeepGiven.RunAsync(tx, [.. changes.Where(c => c.Given).Select(c => c.Signal)], ct);
        await KeepBack.RunAsync(tx, [.. changes.Where(c => !c.Given).Select(c => c.Signal)], ct);
        if (changes.Where(c => ProductSignal.CanBeTakenBack(c.Signal.Kind)).Select(c => c.Signal.SubjectId).Distinct().ToList() is { Count: > 0 } settled)
        {
            await SettleAsync(tx, settled, ct);
        }
        await MakeRoomAsync(tx, [.. changes.Select(c => c.Signal.SubjectId).Distinct()], ct);
    }

    /// <summary>The later one stays.</summary>
    private static async Task SettleAsync(Transaction tx, IReadOnlyList<Guid> subjects, CancellationToken ct)
    {
        await tx.ExecuteAsync($"""
            delete from {Given} where subject_id in @subjects and exists (select 1 from {Back} b
              where b.subject_id = {Given}.subject_id and b.kind = {Given}.kind and b.product_id = {Given}.product_id and b.happened_at >= {Given}.happened_at)
            """, new { subjects }, ct);
        await tx.ExecuteAsync($"""
            delete from {Back} where subject_id in @subjects and exists (select 1 from {Given} g
              where g.subject_id = {Back}.subject_id and g.kind = {Back}.kind and g.product_id = {Back}.product_id and g.happened_at > {Back}.happened_at)
            """, new { subjects }, ct);
    }

    /// <summary>What was taken back takes room, too: else what is told late would come back with it.</summary>
    private static async Task MakeRoomAsync(Transaction tx, IReadOnlyList<Guid> subjects, CancellationToken ct)
    {
        if (subjects.Count == 0)
        {
            return;
        }
        var full = await tx.QueryAsync($"""
            select subject_id, kind from (select subject_id, kind from {Given} where subject_id in @subjects union all select subject_id, kind from {Back} where subject_id in @subjects) both_tables
            group by subject_id, kind having count(*) > @Most
            """, new { subjects, Most }, r => (Subject: r.Guid(0), Kind: r.Enum<InterestKind>(1)), ct);
        foreach (var (subject, kind) in full)
        {
            var last = await tx.QueryAsync($"""
                select product_id from (
                  select product_id, happened_at from {Given} where subject_id = @subject and kind = @kind union all select product_id, happened_at from {Back} where subject_id = @subject and kind = @kind) both_tables
                order by happened_at desc, product_id limit @Most
                """, new { subject, kind, Most }, r => r.Guid(0), ct);
            foreach (var table in new[] { Given, Back })
            {
                await tx.ExecuteAsync($"delete from {table} where subject_id = @subject and kind = @kind and product_id not in @last", new { subject, kind, last }, ct);
            }
        }
    }

    /// <summary>Of people who were erased. The receiver may come to what they did only after their rows were deleted; that they were erased comes after it.</summary>
    public static async Task ForgetAsync(Transaction tx, IReadOnlyCollection<Guid> subjects, CancellationToken ct)
    {
        if (subjects.Count > 0)
        {
            foreach (var table in new[] { Given, Back, "commerce_views" })
            {
                await tx.ExecuteAsync($"delete from {table} where subject_id in @subjects", new { subjects }, ct);
            }
        }
    }
}
