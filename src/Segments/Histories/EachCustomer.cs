using System.Diagnostics;
using Wellmet.Platform.Storage;

namespace Wellmet.Segments.Histories;

/// <summary>Shows the histories of everybody, customer by customer, or of as many as there is time for.</summary>
public sealed class EachCustomer(Database database, Vocabulary vocabulary)
{
    private const int Page = 5_000;

    /// <param name="visit">Takes a customer's id and the histories of all their subjects.</param>
    /// <param name="patience">When to stop; null reads everybody.</param>
    /// <returns>How many histories there are for each that was read: 1 where everybody was.</returns>
    public async Task<double> VisitAsync(Action<Guid, IReadOnlyList<byte[]>> visit, TimeSpan? patience, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        var several = new Dictionary<Guid, List<byte[]>>();
        var merged = await database.ReadAsync(async s => (await s.QueryAsync("select distinct customer_id from segments_histories where customer_id <> subject_id", null, r => r.Guid(0), ct)).ToHashSet(), ct);
        var histories = await database.ReadAsync(s => s.CountAsync("select count(*) from segments_histories", null, ct), ct);
        await database.ReadAsync(s => vocabulary.ReadAsync(s, ct), ct);
        // The latest first: ids begin with the time.
        var (after, rows, all) = (Guid.AllBitsSet, 0L, false);
        while (!all && (patience is null || Stopwatch.GetElapsedTime(started) < patience))
        {
            var page = await database.ReadAsync(s => s.QueryAsync("select subject_id, customer_id, revised, facts from segments_histories where subject_id < @after order by subject_id desc limit @Page", new { after, Page }, HistoryStore.Read, ct), ct);
            foreach (var history in page)
            {
                if (merged.Contains(history.CustomerId))
                {
                    (several.TryGetValue(history.CustomerId, out var set) ? set : several[history.CustomerId] = []).Add(history.Facts);
                }
                else if (history.CustomerId == history.SubjectId)
                {
                    // Others were merged into somebody since: that customer is read without them, once.
                    visit(history.CustomerId, [history.Facts]);
                }
            }
            rows += page.Count;
            all = page.Count < Page;
            after = all ? after : page[^1].SubjectId;
        }
        // Of those with several subjects some may not have been read, where the time was over before.
        all = all || rows >= histories;
        foreach (var (customer, set) in all ? several : [])
        {
            visit(customer, set);
        }
        return all || rows == 0 ? 1 : (double)histories / rows;
    }
}
