using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Customers.Collection;

/// <summary>Forgets message ids that are older than <see cref="CollectionLimits.Remembered"/>, a page in each transaction, the oldest first.</summary>
internal sealed class MessageExpiry(Database database, TimeProvider time) : IExpiry
{
    private const int Page = 2000;

    public async Task<int> DeleteExpiredAsync(CancellationToken ct)
    {
        var before = time.GetUtcNow() - CollectionLimits.Remembered;
        var forgotten = 0;
        for (int deleted; (deleted = await database.WriteAsync(tx => ForgetAsync(tx, before, ct), ct)) > 0;)
        {
            forgotten += deleted;
        }
        return forgotten;
    }

    /// <summary>SQLite has no index on the time: its rows lie in the order in which they came, so the first ones tell whether there is anything to do.</summary>
    private static Task<int> ForgetAsync(Transaction tx, DateTimeOffset before, CancellationToken ct) => tx.ExecuteAsync(tx.Pick("""
        delete from customers_messages where rowid in (
          select rowid from (select rowid, seen_at from customers_messages order by rowid limit @Page) where seen_at < @before)
        """, "delete from customers_messages where token in (select token from customers_messages where seen_at < @before limit @Page)"),
        new { before, Page }, ct);
}
