using Wellmet.Platform;
using Wellmet.Platform.Storage;
using Wellmet.Platform.Vault;

namespace Wellmet.Commerce.Connectors;

/// <summary>
/// Forgets deliveries after thirty days, those that failed with their content, lets go of the content of those that were taken over a generic connection after a week, and destroys the keys of the days of which nothing is left. A shop sends again for days at most.
/// </summary>
internal sealed class DeliveryExpiry(Database database, KeyStore keys, TimeProvider time) : IExpiry
{
    internal static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>How long content stays that was taken and is kept only to try another mapping on it.</summary>
    internal static readonly TimeSpan KeptTaken = TimeSpan.FromDays(7);

    public async Task<int> DeleteExpiredAsync(CancellationToken ct)
    {
        await database.WriteAsync(tx => tx.ExecuteAsync("update commerce_deliveries set body = null where body is not null and state in ('done', 'ignored') and received_at < @before", new { before = time.GetUtcNow() - KeptTaken }, ct), ct);
        var gone = await database.WriteAsync(tx => tx.QueryAsync("delete from commerce_deliveries where received_at < @before returning body_key", new { before = time.GetUtcNow() - Kept }, r => r.Guid(0), ct), ct);
        if (gone.Count == 0)
        {
            return 0;
        }
        var days = gone.Distinct().ToList();
        var left = await database.ReadAsync(s => s.QueryAsync("select distinct body_key from commerce_deliveries where body_key in @days", new { days }, r => r.Guid(0), ct), ct);
        await keys.DestroyAsync([.. days.Except(left)], ct);
        return gone.Count;
    }
}
