using Wellmet.Commerce.Contract;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Commerce.Connectors;

/// <summary>Tries deliveries again that could not be taken: after an update, or when what was in their way is gone.</summary>
internal sealed class ReplayDeliveries(Database database, DeliveryNews news, AuditLog audit, TimeProvider time, CurrentActor actor)
{
    /// <param name="DeliveryId">Null for all that failed.</param>
    /// <param name="Taken">Those that were taken or passed over, too, as far as their content is kept: another mapping may make other things of them.</param>
    public sealed record Request(Guid ConnectionId, Guid? DeliveryId, bool Taken = false);

    /// <returns>How many are tried again.</returns>
    /// <exception cref="ProblemException"><c>delivery_unknown</c> (404): none failed, or its content is not kept any more.</exception>
    public async Task<int> RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(CommercePermissions.EditConnections);
        var again = await database.WriteAsync(async tx =>
        {
            var replayed = await tx.ExecuteAsync("""
                update commerce_deliveries set state = 'waiting', reason = null, detail = null, attempts = 0, next_at = @now
                where connection_id = @ConnectionId and (state in ('failed', 'held') or (@Taken and state in ('done', 'ignored'))) and body is not null and (@all or delivery_id = @one)
                """, new { now = time.GetUtcNow(), request.ConnectionId, request.Taken, all = request.DeliveryId is null, one = request.DeliveryId ?? Guid.Empty }, ct);
            if (replayed == 0)
            {
                throw new ProblemException("delivery_unknown", "There is no such delivery to try again.", 404);
            }
            await audit.RecordAsync(tx, "connection.replayed", $"connection:{request.ConnectionId}", reason: null, ct, $"{replayed}");
            return replayed;
        }, ct);
        news.Wake();
        return again;
    }
}
