using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Connectors;

/// <summary>What a shop system asks for by law.</summary>
public enum ShopRequestKind
{
    /// <summary>A customer wants to know what is kept of them.</summary>
    Data,

    /// <summary>A customer wants to be forgotten.</summary>
    EraseCustomer,

    /// <summary>The shop took the app away, and asks to forget its customers.</summary>
    EraseShop,
}

/// <summary>A request that a person of the staff sees to.</summary>
/// <param name="SubjectId">Null where the whole shop is meant.</param>
public sealed record ShopRequest(Guid RequestId, ShopRequestKind Kind, Guid? SubjectId, DateTimeOffset ReceivedAt, DateTimeOffset DueAt, DateTimeOffset? DoneAt, string? DoneBy)
{
    private const int Most = 50;

    /// <summary>What is open comes first, the most urgent on top.</summary>
    internal static Task<List<ShopRequest>> OfAsync(Session session, Guid connectionId, CancellationToken ct) => session.QueryAsync($"""
        select request_id, kind, subject_id, received_at, due_at, done_at, done_by from commerce_shop_requests where connection_id = @connectionId
        order by case when done_at is null then 0 else 1 end, due_at, request_id limit {Most}
        """, new { connectionId }, r => new ShopRequest(r.Guid(0), r.Enum<ShopRequestKind>(1), r.GuidOrNull(2), r.Time(3), r.Time(4), r.TimeOrNull(5), r.TextOrNull(6)), ct);
}

/// <summary>Notes that somebody has seen to a request.</summary>
internal sealed class CloseShopRequest(Database database, AuditLog audit, TimeProvider time, CurrentActor actor)
{
    /// <exception cref="ProblemException"><c>request_unknown</c> (404): there is none, or it is done.</exception>
    public Task RunAsync(Guid connectionId, Guid requestId, CancellationToken ct)
    {
        actor.Demand(CommercePermissions.EditConnections);
        return database.WriteAsync(async tx =>
        {
            if (await tx.ExecuteAsync("update commerce_shop_requests set done_at = @now, done_by = @by where request_id = @requestId and connection_id = @connectionId and done_at is null",
                new { now = time.GetUtcNow(), by = actor.Value.Name, requestId, connectionId }, ct) == 0)
            {
                throw new ProblemException("request_unknown", "There is no such open request.", 404);
            }
            await audit.RecordAsync(tx, "connection.request_done", $"request:{requestId}", reason: null, ct);
        }, ct);
    }
}
