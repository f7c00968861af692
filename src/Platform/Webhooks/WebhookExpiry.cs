using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Webhooks;

/// <summary>Messages and what became of them are kept for thirty days.</summary>
internal sealed class WebhookExpiry(Database database, TimeProvider time) : IExpiry
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public Task<int> DeleteExpiredAsync(CancellationToken ct) => database.WriteAsync(async tx =>
    {
        var before = time.GetUtcNow() - Kept;
        return await tx.ExecuteAsync("delete from webhooks_deliveries where message_id in (select message_id from webhooks_messages where created_at < @before)", new { before }, ct)
            + await tx.ExecuteAsync("delete from webhooks_messages where created_at < @before", new { before }, ct);
    }, ct);
}
