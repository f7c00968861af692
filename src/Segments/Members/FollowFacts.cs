using Wellmet.Commerce.Contract;
using Wellmet.Customers.Contract;
using Wellmet.Platform.Log;
using Wellmet.Platform.Storage;
using Wellmet.Segments.Histories;

namespace Wellmet.Segments.Members;

/// <summary>Takes what happened from the log into the histories, and lets the segments that it can touch judge the customers anew, in the same transaction.</summary>
public sealed class FollowFacts(HistoryStore store, SegmentBook book, JudgeCustomers judge, TimeProvider time) : IReceiver
{
    public IReadOnlyList<Type> Accepts =>
        [.. FactsOf.Events, typeof(SalesRetracted), typeof(ShopTraitsForgotten), typeof(ImportUndone), typeof(CustomerMerged), typeof(CustomerUnmerged), typeof(CustomerErased)];

    public async Task ReceiveAsync(IReadOnlyList<Delivery> deliveries, Transaction tx, CancellationToken ct)
    {
        // Run by run of what is live and what is history, as what history brings about fires nothing.
        for (var from = 0; from < deliveries.Count;)
        {
            var run = deliveries.Skip(from).TakeWhile(d => d.Live == deliveries[from].Live).ToList();
            await FollowAsync(run, deliveries[from].Live, tx, ct);
            from += run.Count;
        }
    }

    private async Task FollowAsync(List<Delivery> deliveries, bool live, Transaction tx, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await UndoAsync(tx, [.. deliveries.Select(d => d.Event).OfType<ImportUndone>().Select(u => u.ImportId).Distinct()], now, ct);
        var erased = deliveries.Select(d => d.Event).OfType<CustomerErased>().Select(e => e.SubjectId).ToHashSet();
        await EraseAsync(tx, erased, ct);
        var undone = await UndoneAsync(tx, [.. deliveries.Select(d => d.ImportId).OfType<Guid>().Distinct()], ct);
        var forgotten = new ForgottenTraits(deliveries);
        var facts = deliveries.Where(d => !erased.Contains(d.SubjectId) && !forgotten.Voids(d) && (d.ImportId is not { } import || !undone.Contains(import))).SelectMany(d => FactsOf.Of(d, now).Select(f => (d.SubjectId, Fact: f))).ToLookup(f => f.SubjectId, f => f.Fact);
        var retracted = deliveries.Select(d => d.Event).OfType<SalesRetracted>().SelectMany(r => r.Seqs.Select(s => (r.SubjectId, Seq: s))).ToHashSet();
        var moved = deliveries.SelectMany(d => MovedBy(d.Event)).ToHashSet();
        Guid[] subjects = [.. facts.Select(f => f.Key).Concat(retracted.Select(r => r.SubjectId)).Concat(forgotten.Subjects).Concat(moved).Distinct()];
        if (subjects.Length == 0)
        {
            return;
        }
        var opened = await book.OpenAsync(tx, [.. deliveries.SelectMany(d => Ordered(d.Event)).Select(p => p.ProductId).Distinct()], ct);
        var histories = await store.OpenAsync(tx, subjects, whole: opened.Segments.Count > 0 || moved.Count > 0, ct);
        var changed = await store.WriteAsync(tx, histories, facts, retracted.Count + forgotten.Subjects.Count == 0 ? null
            : (subject, fact) => retracted.Contains((subject, fact.Seq)) || forgotten.Covers(subject, fact, store), ct);
        var mergers = moved.Select(s => histories[s].CustomerId).ToHashSet();
        await DissolveAsync(tx, [.. moved.Where(s => histories[s].CustomerId != s)], now, ct);
        var sets = histories.Values.ToLookup(h => h.CustomerId, h => h.Facts);
        await judge.RunAsync(tx, [.. changed.Keys.Union(mergers).Select(c => new JudgedCustomer(c, [.. sets[c]],
            mergers.Contains(c) ? opened.Segments : opened.Touched(changed[c]), mergers.Contains(c) ? ChangeReason.Merge : ChangeReason.Fact, live))], ct);
    }

    private static IReadOnlyList<OrderedProduct> Ordered(ILogEvent told) => told switch
    {
        OrderPlaced placed => placed.Products,
        OrderExtended extended => extended.Products,
        _ => [],
    };

    private static Guid[] MovedBy(ILogEvent told) => told switch
    {
        CustomerMerged m => [m.SubjectId, m.KeptId],
        CustomerUnmerged u => [u.SubjectId, u.KeptId],
        _ => [],
    };

    /// <summary>Who was merged into another is no customer any more: their memberships end, and are known should they be parted again.</summary>
    private static async Task DissolveAsync(Transaction tx, IReadOnlyCollection<Guid> gone, DateTimeOffset now, CancellationToken ct)
    {
        if (gone.Count == 0)
        {
            return;
        }
        var left = await tx.QueryAsync("select subject_id, segment_id, entered_at from segments_members where subject_id in @gone", new { gone }, r => new Membership(r.Guid(0), r.Guid(1), r.Time(2)), ct);
        await JudgeCustomers.LeaveAsync(tx, left.ConvertAll(m => (m, now, ChangeReason.Merge)), ct);
        await tx.ExecuteAsync("delete from segments_due where subject_id in @gone", new { gone }, ct);
        await tx.ExecuteAsync("delete from segments_scores where subject_id in @gone", new { gone }, ct);
    }

    private static async Task UndoAsync(Transaction tx, IReadOnlyCollection<Guid> undone, DateTimeOffset now, CancellationToken ct)
    {
        foreach (var import in undone)
        {
            await HistoryStore.ImportsAsync(tx, [import], ct);
            await tx.ExecuteAsync("update segments_imports set undone_at = @now where import_id = @import and undone_at is null", new { import, now }, ct);
        }
    }

    private static async Task<HashSet<Guid>> UndoneAsync(Transaction tx, IReadOnlyCollection<Guid> imports, CancellationToken ct) => imports.Count == 0 ? [] :
        [.. await tx.QueryAsync("select import_id from segments_imports where import_id in @imports and undone_at is not null", new { imports }, r => r.Guid(0), ct)];

    /// <summary>What arrives after an erasure goes, too.</summary>
    internal static async Task EraseAsync(Transaction tx, IReadOnlyCollection<Guid> subjects, CancellationToken ct)
    {
        foreach (var table in subjects.Count == 0 ? [] : new[] { "segments_waiting", "segments_histories", "segments_members", "segments_stays", "segments_due", "segments_moves", "segments_scores" })
        {
            await tx.ExecuteAsync($"delete from {table} where subject_id in @subjects", new { subjects }, ct);
        }
    }
}
