using Wellmet.Platform.Storage;
using Wellmet.Segments.Histories;

namespace Wellmet.Segments.Members;

/// <summary>Takes what an import told out of the histories when the import was taken back. Interrupted, it begins again: what is gone costs nothing.</summary>
public sealed class ForgetImports(Database database, HistoryStore store, SegmentBook book, JudgeCustomers judge, TimeProvider time)
{
    private const int Read = 2_000, Written = 200;

    /// <returns>How many imports were cleared.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        var undone = await database.ReadAsync(s => s.QueryAsync("select code from segments_imports where undone_at is not null and cleared_at is null", null, r => r.Int(0), ct), ct);
        foreach (var import in undone)
        {
            var after = Guid.Empty;
            while (await PageAsync(after, ct) is { Count: > 0 } page)
            {
                foreach (var subjects in page.Where(h => PackedHistory.Unpack(h.Facts).Exists(f => f.Import == import)).Select(h => h.SubjectId).Chunk(Written))
                {
                    await database.WriteUnflushedAsync(tx => ForgetAsync(tx, subjects, import, ct), ct);
                }
                after = page[^1].SubjectId;
            }
            await database.WriteAsync(tx => tx.ExecuteAsync("update segments_imports set cleared_at = @now where code = @import", new { import, now = time.GetUtcNow() }, ct), ct);
        }
        return undone.Count;
    }

    private Task<List<StoredHistory>> PageAsync(Guid after, CancellationToken ct) => database.ReadAsync(s => s.QueryAsync(
        "select subject_id, customer_id, revised, facts from segments_histories where subject_id > @after order by subject_id limit @Read", new { after, Read }, HistoryStore.Read, ct), ct);

    private async Task ForgetAsync(Transaction tx, IReadOnlyCollection<Guid> subjects, int import, CancellationToken ct)
    {
        var opened = await book.OpenAsync(tx, ct);
        var histories = await store.OpenAsync(tx, subjects, whole: true, ct);
        var changed = await store.WriteAsync(tx, histories, Array.Empty<(Guid, Fact)>().ToLookup(f => f.Item1, f => f.Item2), (_, fact) => fact.Import == import, ct);
        var sets = histories.Values.ToLookup(h => h.CustomerId, h => h.Facts);
        await judge.RunAsync(tx, [.. changed.Where(c => c.Value.Count > 0).Select(c => new JudgedCustomer(c.Key, [.. sets[c.Key]], opened.Touched(c.Value), ChangeReason.Fact, Live: false))], ct);
    }
}
