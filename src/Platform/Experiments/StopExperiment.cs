using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Experiments;

/// <summary>Ends a running experiment: nobody is divided any more, and what happens from now on does not count.</summary>
public sealed class StopExperiment(Database database, CurrentActor actor, AuditLog audit, ExperimentDirectory directory, TimeProvider time)
{
    /// <param name="Reason">For the audit log.</param>
    public sealed record Request(Guid Id, string? Reason);

    /// <exception cref="ProblemException"><c>experiment_unknown</c> (404), <c>experiment_state</c> (409).</exception>
    public Task RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(ExperimentPermissions.Manage);
        return database.WriteAsync(async tx =>
        {
            if ((await ExperimentStore.LockAsync(tx, request.Id, ct)).State != ExperimentState.Running)
            {
                throw new ProblemException("experiment_state", "The experiment is not running.", 409);
            }
            await tx.ExecuteAsync("update experiments set state = 'stopped', stopped_at = @now where id = @Id", new { now = time.GetUtcNow(), request.Id }, ct);
            await audit.RecordAsync(tx, "experiment.stopped", $"experiment:{request.Id}", request.Reason, ct);
            tx.AfterCommit(directory.Forget);
        }, ct);
    }
}
