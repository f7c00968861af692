using System.Globalization;
using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Platform.Audit;
using Wellmet.Platform.Storage;
using Wellmet.Recommendations.Contract;

namespace Wellmet.Recommendations.Models;

/// <summary>Whether the model of an earlier day serves, for all nodes.</summary>
public sealed class HeldModel(Database database)
{
    /// <summary>Null where the newest one serves.</summary>
    public async Task<DateOnly?> DayAsync(CancellationToken ct)
    {
        var days = await database.ReadAsync(s => s.QueryAsync("select day from recommendations_held", null, r => r.Day(0), ct), ct);
        return days is [var day] ? day : null;
    }

    /// <summary>The newest one serves again; answers whether another one did.</summary>
    internal static async Task<bool> EndAsync(Transaction tx, CancellationToken ct) => await tx.ExecuteAsync("delete from recommendations_held", null, ct) > 0;

    /// <inheritdoc cref="EndAsync(Transaction, CancellationToken)"/>
    internal Task<bool> EndAsync(CancellationToken ct) => database.WriteAsync(tx => EndAsync(tx, ct), ct);
}

/// <summary>
/// Goes back to the model of an earlier day, and stays with it: nothing is learnt until somebody asks for it (<see cref="RequestTraining"/>). What customers bought and said since counts at each
/// request as always; the model only weighs it.
/// </summary>
public sealed class HoldModel(Database database, ModelVersions versions, ModelStore models, TrainingStatus status, AuditLog audit, TimeProvider time, CurrentActor actor)
{
    /// <exception cref="ProblemException"><c>model_version_unknown</c>.</exception>
    public async Task RunAsync(DateOnly day, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Train);
        await versions.ForgetErasedAsync(ct);
        var model = (versions.All().Any(v => v.Day == day) ? versions.Load(day) : null) ?? throw new ProblemException("model_version_unknown", "There is no model of that day any more.", 404);
        await database.WriteAsync(async tx =>
        {
            await tx.ExecuteAsync("""
                insert into recommendations_held (id, day, held_at) values (1, @day, @now) on conflict (id) do update set day = excluded.day, held_at = excluded.held_at
                """, new { day, now = time.GetUtcNow() }, ct);
            await audit.RecordAsync(tx, "recommendations.model_held", "recommendations", null, ct, day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        }, ct);
        models.Publish(model);
        status.Tell();
    }
}
