using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Experiments;

/// <inheritdoc/>
internal sealed class Experiments(Database database, ExperimentDirectory directory) : IExperiments
{
    private sealed record Unit(Guid ExperimentId, int Variant, double Covariate, long Clicks, long Conversions, long RevenueMinor);

    public ValueTask<AssignedVariant?> AssignAsync(string area, Guid subjectId, CancellationToken ct) => directory.AssignAsync(area, subjectId, ct);

    public async Task RecordExposuresAsync(IReadOnlyCollection<Exposure> exposures, CancellationToken ct)
    {
        var counted = exposures.Where(e => e.Assigned.Counts).OrderBy(e => e.SubjectId).ThenBy(e => e.Assigned.ExperimentId).ThenBy(e => e.At).ToList();
        if (counted.Count > 0)
        {
            await database.WriteAsync(async tx =>
            {
                var changes = new List<DayCounts>();
                foreach (var exposure in counted)
                {
                    changes.AddRange(await ExposeAsync(tx, exposure, ct));
                }
                await DayCounts.AddAsync(tx, changes, ct);
            }, ct);
        }
    }

    public async Task RecordOutcomesAsync(Transaction tx, IReadOnlyCollection<Outcome> outcomes, CancellationToken ct)
    {
        var changes = new List<DayCounts>();
        foreach (var outcome in outcomes.OrderBy(o => o.SubjectId).ThenBy(o => o.At))
        {
            foreach (var unit in await UnitsAsync(tx, outcome, ct))
            {
                if (await tx.ExecuteAsync("""
                    insert into experiment_outcomes (subject_id, experiment_id, metric, outcome_id) values (@SubjectId, @ExperimentId, @Metric, @OutcomeId) on conflict do nothing
                    """, new { outcome.SubjectId, unit.ExperimentId, outcome.Metric, outcome.OutcomeId }, ct) == 1)
                {
                    changes.Add(await CountAsync(tx, outcome, unit, ct));
                }
            }
        }
        await DayCounts.AddAsync(tx, changes, ct);
    }

    /// <summary>One change where the unit is new or comes on a later day, else none.</summary>
    private static async Task<IEnumerable<DayCounts>> ExposeAsync(Transaction tx, Exposure exposure, CancellationToken ct)
    {
        var (assigned, day) = (exposure.Assigned, DateOnly.FromDateTime(exposure.At.UtcDateTime));
        if (await tx.ExecuteAsync("""
            insert into experiment_units (subject_id, experiment_id, variant, covariate, first_seen_at, last_day, clicks, conversions, revenue_minor)
            select @SubjectId, id, @Variant, @Covariate, @At, @day, 0, 0, 0 from experiments where id = @ExperimentId and state = 'running'
            on conflict (subject_id, experiment_id) do nothing
            """, new { exposure.SubjectId, assigned.ExperimentId, assigned.Variant, exposure.Covariate, exposure.At, day }, ct) == 1)
        {
            return
            [
                new DayCounts(assigned.ExperimentId, day, assigned.Variant)
                {
                    Units = 1, Exposures = 1, Covariate = exposure.Covariate, CovariateSquares = exposure.Covariate * exposure.Covariate,
                },
            ];
        }
        var variants = await tx.QueryAsync("""
            update experiment_units set last_day = @day where subject_id = @SubjectId and experiment_id = @ExperimentId and last_day < @day
              and exists (select 1 from experiments where id = @ExperimentId and state = 'running') returning variant
            """, new { day, exposure.SubjectId, assigned.ExperimentId }, r => r.Int(0), ct);
        return variants.Select(variant => new DayCounts(assigned.ExperimentId, day, variant) { Exposures = 1 });
    }

    private static Task<List<Unit>> UnitsAsync(Transaction tx, Outcome outcome, CancellationToken ct) => tx.QueryAsync("""
        select u.experiment_id, u.variant, u.covariate, u.clicks, u.conversions, u.revenue_minor
        from experiment_units u join experiments e on e.id = u.experiment_id
        where u.subject_id = @SubjectId and u.first_seen_at <= @At and (e.stopped_at is null or e.stopped_at >= @At) and (@area = '' or e.area = @area)
        order by u.experiment_id
        """ + tx.Pick("", " for update of u"), new { outcome.SubjectId, outcome.At, area = outcome.Area ?? "" },
        r => new Unit(r.Guid(0), r.Int(1), r.Double(2), r.Long(3), r.Long(4), r.Long(5)), ct);

    private static async Task<DayCounts> CountAsync(Transaction tx, Outcome outcome, Unit unit, CancellationToken ct)
    {
        var (clicks, conversions) = (outcome.Metric == ExperimentMetric.Clicks ? 1 : 0, outcome.Metric == ExperimentMetric.Conversions ? 1 : 0);
        var revenue = outcome.Metric == ExperimentMetric.Clicks ? 0 : outcome.RevenueMinor;
        await tx.ExecuteAsync("""
            update experiment_units set clicks = clicks + @clicks, conversions = conversions + @conversions, revenue_minor = revenue_minor + @revenue
            where subject_id = @SubjectId and experiment_id = @ExperimentId
            """, new { clicks, conversions, revenue, outcome.SubjectId, unit.ExperimentId }, ct);
        double before = unit.RevenueMinor, after = unit.RevenueMinor + revenue;
        return new DayCounts(unit.ExperimentId, DateOnly.FromDateTime(outcome.At.UtcDateTime), unit.Variant)
        {
            Clicked = unit.Clicks == 0 ? clicks : 0, Converted = unit.Conversions == 0 ? conversions : 0,
            RevenueMinor = revenue, RevenueSquares = after * after - before * before, Products = unit.Covariate * revenue,
        };
    }
}
