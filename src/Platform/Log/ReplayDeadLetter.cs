using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Log;

/// <summary>Lets a receiver try an event again that it refused for good: after an update, or when what was in its way is gone.</summary>
public sealed class ReplayDeadLetter(Database database, Parking parking, CurrentActor actor, AuditLog audit)
{
    /// <summary>The event by its subject and number, and the receiver that refused it.</summary>
    public sealed record Request(Guid SubjectId, string Receiver, long Seq);

    /// <exception cref="ProblemException"><c>dead_letter_unknown</c> (404): there is none, or somebody has replayed it already.</exception>
    public Task RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(AccessPermissions.RepairLog);
        return database.WriteAsync(async tx =>
        {
            if (!await parking.ReplayAsync(tx, request.SubjectId, request.Receiver, request.Seq, ct))
            {
                throw new ProblemException("dead_letter_unknown", "This event is no dead letter any more.", 404);
            }
            await audit.RecordAsync(tx, "log.replayed", $"event:{request.SubjectId}", null, ct, $"{request.Receiver} {request.Seq}");
        }, ct);
    }
}
