using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Experiments;

/// <summary>Says which variant of a stopped experiment everybody is shown from now on, until a later experiment of the area is decided.</summary>
public sealed class ChooseWinner(Database database, CurrentActor actor, AuditLog audit, ExperimentDirectory directory, TimeProvider time)
{
    /// <param name="Variant">Its name.</param>
    public sealed record Request(Guid Id, string Variant);

    /// <exception cref="ProblemException"><c>experiment_unknown</c> (404), <c>experiment_state</c> (409), <c>variant_unknown</c>.</exception>
    public Task RunAsync(Request request, CancellationToken ct)
    {
        actor.Demand(ExperimentPermissions.Manage);
        return database.WriteAsync(async tx =>
        {
            var experiment = await ExperimentStore.LockAsync(tx, request.Id, ct);
            if (experiment.State != ExperimentState.Stopped)
            {
                throw new ProblemException("experiment_state", "Stop the experiment first.", 409);
            }
            if (experiment.Plan.Variants.All(v => v.Name != request.Variant))
            {
                throw new ProblemException("variant_unknown", "The experiment has no such variant.");
            }
            await tx.ExecuteAsync("update experiments set winner = @Variant, decided_at = @now where id = @Id", new { request.Variant, now = time.GetUtcNow(), request.Id }, ct);
            await audit.RecordAsync(tx, "experiment.decided", $"experiment:{request.Id}", null, ct, request.Variant);
            tx.AfterCommit(directory.Forget);
        }, ct);
    }
}
