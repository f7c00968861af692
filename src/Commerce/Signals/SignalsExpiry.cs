using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Signals;

/// <summary>What somebody did is kept for as long as it says something of them; a page in each transaction.</summary>
internal sealed class SignalsExpiry(Database database, TimeProvider time) : IExpiry
{
    private const int Page = 2000;

    private static TimeSpan KeptFor(InterestKind kind) => kind switch
    {
        InterestKind.View or InterestKind.LongView => TimeSpan.FromDays(60),
        InterestKind.Cart => TimeSpan.FromDays(120),
        InterestKind.WishList => TimeSpan.FromDays(365),
        _ => TimeSpan.FromDays(730),
    };

    public async Task<int> DeleteExpiredAsync(CancellationToken ct)
    {
        var deleted = 0;
        foreach (var kind in Enum.GetValues<InterestKind>())
        {
            foreach (var table in new[] { KeepSignals.Given, KeepSignals.Back })
            {
                deleted += await DeleteAsync($"""
                    delete from {table} where (subject_id, kind, product_id) in (select subject_id, kind, product_id from {table} where kind = @kind and happened_at < @before limit @Page)
                    """, kind, ct);
            }
        }
        // What a version before still writes.
        return deleted + await DeleteAsync("delete from commerce_views where (subject_id, product_id) in (select subject_id, product_id from commerce_views where viewed_at < @before limit @Page)", InterestKind.View, ct);
    }

    private async Task<int> DeleteAsync(string sql, InterestKind kind, CancellationToken ct)
    {
        var (deleted, before) = (0, time.GetUtcNow() - KeptFor(kind));
        for (var page = Page; page == Page; deleted += page)
        {
            page = await database.WriteAsync(tx => tx.ExecuteAsync(sql, new { kind, before, Page }, ct), ct);
        }
        return deleted;
    }
}
