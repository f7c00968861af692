using System.Text.Json;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Experiments;

/// <summary>Reads and writes experiments.</summary>
internal static class ExperimentStore
{
    private const string Columns = """
        select id, name, area, metric, variants, guardrails, min_effect, from_percent, until_percent, salt, state, winner, created_at, started_at, stopped_at, design from experiments
        """;

    /// <exception cref="ProblemException"><c>experiment_unknown</c> (404).</exception>
    public static async Task<Experiment> GetAsync(Session session, Guid id, CancellationToken ct) =>
        await session.FirstAsync(Columns + " where id = @id", new { id }, Map, ct) ?? throw Unknown();

    /// <summary>Locked until the transaction ends: an experiment has one state at a time.</summary>
    /// <exception cref="ProblemException"><c>experiment_unknown</c> (404).</exception>
    public static async Task<Experiment> LockAsync(Transaction tx, Guid id, CancellationToken ct) =>
        await tx.FirstAsync(Columns + " where id = @id" + tx.Pick("", " for update"), new { id }, Map, ct) ?? throw Unknown();

    public static Task<List<Experiment>> ListAsync(Session session, int most, CancellationToken ct) =>
        session.QueryAsync(Columns + " order by created_at desc, id desc limit @most", new { most }, Map, ct);

    /// <summary>Those that say what is shown: running ones, and of each area the last that was decided.</summary>
    public static Task<List<Experiment>> InForceAsync(Session session, CancellationToken ct) => session.QueryAsync(Columns + """
         where state = 'running' or (winner is not null
           and not exists (select 1 from experiments later where later.area = experiments.area and later.decided_at > experiments.decided_at))
         order by started_at, id
        """, null, Map, ct);

    /// <summary>Whether one runs, or ran until after this time.</summary>
    public static async Task<bool> AnySinceAsync(Session session, DateTimeOffset since, CancellationToken ct) =>
        await session.CountAsync("select count(*) from experiments where state = 'running' or stopped_at > @since", new { since }, ct) > 0;

    public static Task InsertAsync(Transaction tx, Experiment experiment, CancellationToken ct) => tx.ExecuteAsync("""
        insert into experiments (id, name, area, metric, variants, guardrails, min_effect, from_percent, until_percent, salt, state, created_at, design)
        values (@Id, @Name, @Area, @Metric, @variants, @guardrails, @MinEffect, @FromPercent, @UntilPercent, @Salt, @State, @CreatedAt, @Design)
        """, new
    {
        experiment.Id, experiment.Plan.Name, experiment.Plan.Area, experiment.Plan.Metric, experiment.Plan.MinEffect, experiment.Plan.FromPercent, experiment.Plan.UntilPercent, experiment.Plan.Design,
        experiment.Salt, experiment.State, experiment.CreatedAt,
        variants = new Json(JsonSerializer.Serialize(experiment.Plan.Variants)), guardrails = new Json(JsonSerializer.Serialize(experiment.Plan.Guardrails)),
    }, ct);

    private static Experiment Map(Row row) => new(
        row.Guid(0),
        new ExperimentPlan(row.Text(1), row.Text(2), row.Enum<ExperimentMetric>(3), JsonSerializer.Deserialize<List<Variant>>(row.Text(4))!, JsonSerializer.Deserialize<List<Guardrail>>(row.Text(5))!,
            row.Double(6), row.Int(7), row.Int(8)) { Design = row.Enum<ExperimentDesign>(15) },
        row.Text(9), row.Enum<ExperimentState>(10), row.TextOrNull(11), row.Time(12), row.TimeOrNull(13), row.TimeOrNull(14));

    private static ProblemException Unknown() => new("experiment_unknown", "There is no such experiment.", 404);
}
