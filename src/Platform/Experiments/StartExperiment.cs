using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Experiments;

/// <summary>Lets a draft run, from now on.</summary>
public sealed class StartExperiment(Database database, CurrentActor actor, AuditLog audit, ExperimentDirectory directory, TimeProvider time)
{
    /// <summary>Of the lock under which experiments of the shop are started, one at a time.</summary>
    private const long StartLock = 0x6578_7065_7269;

    /// <exception cref="ProblemException"><c>experiment_unknown</c> (404), <c>experiment_state</c> (409), <c>experiment_overlap</c> (409).</exception>
    public Task RunAsync(Guid id, CancellationToken ct)
    {
        actor.Demand(ExperimentPermissions.Manage);
        return database.WriteAsync(async tx =>
        {
            if (tx.Engine == Engine.Postgres)
            {
                await tx.ExecuteAsync("select pg_advisory_xact_lock(@StartLock)", new { StartLock }, ct);
            }
            var experiment = await ExperimentStore.LockAsync(tx, id, ct);
            if (experiment.State != ExperimentState.Draft)
            {
                throw new ProblemException("experiment_state", "The experiment was started before.", 409);
            }
            if (await tx.FirstAsync("""
                select name from experiments where area = @Area and state = 'running' and from_percent < @UntilPercent and until_percent > @FromPercent order by started_at limit 1
                """, new { experiment.Plan.Area, experiment.Plan.FromPercent, experiment.Plan.UntilPercent }, r => r.Text(0), ct) is { } other)
            {
                throw new ProblemException("experiment_overlap", "{0} runs on the same people. Stop it first, or choose another part.", 409, other);
            }
            await tx.ExecuteAsync("update experiments set state = 'running', started_at = @now where id = @id", new { now = time.GetUtcNow(), id }, ct);
            await audit.RecordAsync(tx, "experiment.started", $"experiment:{id}", null, ct);
            tx.AfterCommit(directory.Forget);
        }, ct);
    }
}
