using Wellmet.Platform;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Views;

/// <summary>What somebody looked at is kept for sixty days; a page in each transaction.</summary>
internal sealed class ViewsExpiry(Database database, TimeProvider time) : IExpiry
{
    private const int Page = 2000;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(60);

    public async Task<int> DeleteExpiredAsync(CancellationToken ct)
    {
        var before = time.GetUtcNow() - Kept;
        var deleted = 0;
        for (var page = Page; page == Page; deleted += page)
        {
            page = await database.WriteAsync(tx => tx.ExecuteAsync(
                "delete from commerce_views where (subject_id, product_id) in (select subject_id, product_id from commerce_views where viewed_at < @before limit @Page)", new { before, Page }, ct), ct);
        }
        return deleted;
    }
}
