using System.Collections.Concurrent;
using Wellmet.Platform.Storage;

namespace Wellmet.Platform.Experiments;

/// <inheritdoc/>
internal sealed class Experiments(Database database, ExperimentDirectory directory) : IExperiments
{
    private sealed record Unit(Guid SubjectId, Guid ExperimentId, int Variant, double Covariate, long Clicks, long Conversions, long RevenueMinor, DateTimeOffset From, DateTimeOffset? Until, string Area, bool Mixed, long Lead)
    {
        public bool Counts(Outcome outcome) => From <= outcome.At && (Until is null || outcome.At <= Until) && (outcome.Area is null || outcome.Area == Area) && (outcome.ExperimentId is null || outcome.ExperimentId == ExperimentId);
    }

    /// <summary>So many exposures of the day are remembered.</summary>
    private const int MostRemembered = 200_000;

    private readonly ConcurrentDictionary<(Guid Experiment, Guid Subject), DateOnly> exposed = [];

    public async ValueTask<AssignedVariant?> AssignAsync(string area, IReadOnlyList<Guid> subjects, CancellationToken ct)
    {
        if (subjects.Count > 1 && await directory.RunsAsync(area, ct))
        {
            // Whoever takes part goes on, also where the share of those who are asked anew does not reach them.
            var before = await database.ReadAsync(s => s.QueryAsync("""
                select u.subject_id, u.experiment_id, u.variant from experiment_units u join experiments e on e.id = u.experiment_id
                where u.subject_id in @subjects and e.area = @area and e.state = 'running' order by u.first_seen_at, u.subject_id limit 1
                """, new { subjects, area }, r => (Unit: r.Guid(0), Experiment: r.Guid(1), Variant: r.Int(2)), ct), ct);
            if (before is [var first] && await directory.AgainAsync(area, first.Experiment, first.Unit, first.Variant, ct) is { } again)
            {
                return again;
            }
        }
        return await directory.AssignAsync(area, subjects is [var own, ..] ? own : null, ct);
    }

    public ValueTask<bool> RunsAsync(string area, CancellationToken ct) => directory.RunsAsync(area, ct);

    public ValueTask<bool> CountsAsync(CancellationToken ct) => directory.CountsAsync(ct);

    public bool WasExposed(Exposure exposure) => exposed.TryGetValue((exposure.Assigned.ExperimentId, exposure.SubjectId), out var day) && day == DayOf(exposure);

    public async Task RecordExposuresAsync(IReadOnlyCollection<Exposure> exposures, CancellationToken ct)
    {
        var counted = exposures.Where(e => e.Assigned.Counts && !WasExposed(e)).OrderBy(e => e.SubjectId).ThenBy(e => e.Assigned.ExperimentId).ThenBy(e => e.At).ToList();
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
            Remember(counted);
        }
    }

    public async Task RecordOutcomesAsync(Transaction tx, IReadOnlyCollection<Outcome> outcomes, CancellationToken ct)
    {
        var units = (await UnitsAsync(tx, [.. outcomes.Select(o => o.SubjectId).Distinct()], ct)).ToLookup(u => u.SubjectId);
        var changes = new List<DayCounts>();
        foreach (var person in outcomes.OrderBy(o => o.SubjectId).ThenBy(o => o.At).GroupBy(o => o.SubjectId))
        {
            foreach (var seen in units[person.Key])
            {
                var unit = seen;
                foreach (var outcome in person.Where(unit.Counts))
                {
                    if (await EnterAsync(tx, outcome, unit.ExperimentId, ct))
                    {
                        (unit, var change) = await CountAsync(tx, outcome, unit, ct);
                        changes.Add(change);
                    }
                    if (unit.Mixed && outcome is { Metric: ExperimentMetric.Clicks, Variant: 0 or 1 } choice && await ChooseAsync(tx, choice, unit, ct))
                    {
                        changes.AddRange(await PreferAsync(tx, choice, unit, ct));
                        unit = unit with { Lead = unit.Lead + StepOf(choice) };
                    }
                }
            }
        }
        await DayCounts.AddAsync(tx, changes, ct);
    }

    public async Task<IReadOnlyList<ExperimentUnit>> UnitsAmongAsync(Session session, IReadOnlyCollection<Guid> subjects, CancellationToken ct) => await session.QueryAsync(
        "select subject_id, variant, first_seen_at, experiment_id from experiment_units where subject_id in @subjects order by first_seen_at, subject_id, experiment_id", new { subjects },
        r => new ExperimentUnit(r.Guid(0), r.Int(1), r.Time(2)) { ExperimentId = r.Guid(3) }, ct);

    public async Task<IReadOnlyList<CreditedChoice>> ChoicesAsync(Guid experimentId, IReadOnlyCollection<Guid> subjects, CancellationToken ct) => await database.ReadAsync(s => s.QueryAsync("""
        select subject_id, outcome_id, variant, chosen_at from experiment_choices
        where subject_id in @subjects and experiment_id = @experimentId order by subject_id, chosen_at, outcome_id
        """, new { subjects, experimentId }, r => new CreditedChoice(r.Guid(0), r.Guid(1), r.Int(2), r.Time(3)), ct), ct);

    public async Task<IReadOnlyList<ExperimentUnit>> UnitsAsync(Guid experimentId, int most, CancellationToken ct) => await database.ReadAsync(s => s.QueryAsync(
        "select subject_id, variant, first_seen_at from experiment_units where experiment_id = @experimentId order by first_seen_at, subject_id limit @most", new { experimentId, most },
        r => new ExperimentUnit(r.Guid(0), r.Int(1), r.Time(2)) { ExperimentId = experimentId }, ct), ct);

    private void Remember(List<Exposure> counted)
    {
        if (exposed.Count >= MostRemembered)
        {
            exposed.Clear();
        }
        foreach (var exposure in counted)
        {
            exposed[(exposure.Assigned.ExperimentId, exposure.SubjectId)] = DayOf(exposure);
        }
    }

    private static DateOnly DayOf(Exposure exposure) => DateOnly.FromDateTime(exposure.At.UtcDateTime);

    /// <summary>False for what was counted before, and for a change of what was not.</summary>
    private static async Task<bool> EnterAsync(Transaction tx, Outcome outcome, Guid experimentId, CancellationToken ct) => await tx.ExecuteAsync("""
        insert into experiment_outcomes (subject_id, experiment_id, metric, outcome_id) select @SubjectId, @experimentId, @Metric, @OutcomeId
        where @changed is null or exists (select 1 from experiment_outcomes c
          where c.subject_id = @SubjectId and c.experiment_id = @experimentId and c.metric = @Conversions and c.outcome_id = @changed)
        on conflict do nothing
        """, new { outcome.SubjectId, experimentId, outcome.Metric, outcome.OutcomeId, ExperimentMetric.Conversions, changed = outcome.ConversionId }, ct) == 1;

    /// <summary>One change where the unit is new or comes on a later day, else none.</summary>
    private static async Task<IEnumerable<DayCounts>> ExposeAsync(Transaction tx, Exposure exposure, CancellationToken ct)
    {
        var (assigned, day) = (exposure.Assigned, DayOf(exposure));
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

    /// <summary>Locked, each in the same order: a unit's counts change one after the other.</summary>
    private static Task<List<Unit>> UnitsAsync(Transaction tx, IReadOnlyCollection<Guid> subjects, CancellationToken ct) => tx.QueryAsync("""
        select u.subject_id, u.experiment_id, u.variant, u.covariate, u.clicks, u.conversions, u.revenue_minor, u.first_seen_at, e.stopped_at, e.area, e.design, u.lead
        from experiment_units u join experiments e on e.id = u.experiment_id
        where u.subject_id in @subjects order by u.subject_id, u.experiment_id
        """ + tx.Pick("", " for update of u"), new { subjects },
        r => new Unit(r.Guid(0), r.Guid(1), r.Int(2), r.Double(3), r.Long(4), r.Long(5), r.Long(6), r.Time(7), r.TimeOrNull(8), r.Text(9), r.Enum<ExperimentDesign>(10) == ExperimentDesign.Interleaved, r.Long(11)), ct);

    /// <summary>Remembers, once a day, which variant gave what was chosen. True for the first time that this is known, whether it was told before that it was chosen or not.</summary>
    private static async Task<bool> ChooseAsync(Transaction tx, Outcome choice, Unit unit, CancellationToken ct)
    {
        await tx.ExecuteAsync("""
            insert into experiment_choices (subject_id, experiment_id, outcome_id, chosen_at, variant) select @SubjectId, @ExperimentId, @OutcomeId, @At, @Variant
            where not exists (select 1 from experiment_choices where subject_id = @SubjectId and experiment_id = @ExperimentId and outcome_id = @OutcomeId and chosen_at > @since)
            on conflict do nothing
            """, new { choice.SubjectId, unit.ExperimentId, choice.OutcomeId, choice.At, choice.Variant, since = choice.At.AddDays(-1) }, ct);
        return await tx.ExecuteAsync("""
            update experiment_outcomes set variant = @Variant, chosen_at = @At where subject_id = @SubjectId and experiment_id = @ExperimentId and metric = @Metric and outcome_id = @OutcomeId and variant is null
            """, new { choice.Variant, choice.At, choice.SubjectId, unit.ExperimentId, choice.Metric, choice.OutcomeId }, ct) == 1;
    }

    /// <summary>Where the unit prefers another variant now than before, the day says so.</summary>
    private static async Task<IEnumerable<DayCounts>> PreferAsync(Transaction tx, Outcome choice, Unit unit, CancellationToken ct)
    {
        await tx.ExecuteAsync("update experiment_units set lead = lead + @step where subject_id = @SubjectId and experiment_id = @ExperimentId",
            new { step = StepOf(choice), choice.SubjectId, unit.ExperimentId }, ct);
        var day = DateOnly.FromDateTime(choice.At.UtcDateTime);
        return from variant in new[] { 0, 1 }
               let side = variant == 0 ? -1 : 1
               let change = (Math.Sign(unit.Lead + StepOf(choice)) == side ? 1 : 0) - (Math.Sign(unit.Lead) == side ? 1 : 0)
               where change != 0
               select new DayCounts(unit.ExperimentId, day, variant) { Wins = change };
    }

    private static long StepOf(Outcome choice) => choice.Variant == 0 ? -1 : 1;

    /// <summary>The unit as it is then, and what that adds to the day.</summary>
    private static async Task<(Unit Unit, DayCounts Change)> CountAsync(Transaction tx, Outcome outcome, Unit unit, CancellationToken ct)
    {
        var (clicks, conversions) = (outcome.Metric == ExperimentMetric.Clicks ? 1 : 0, outcome.Metric == ExperimentMetric.Conversions ? 1 : 0);
        var revenue = outcome.Metric == ExperimentMetric.Clicks ? 0 : outcome.RevenueMinor;
        await tx.ExecuteAsync("""
            update experiment_units set clicks = clicks + @clicks, conversions = conversions + @conversions, revenue_minor = revenue_minor + @revenue
            where subject_id = @SubjectId and experiment_id = @ExperimentId
            """, new { clicks, conversions, revenue, outcome.SubjectId, unit.ExperimentId }, ct);
        double before = unit.RevenueMinor, after = unit.RevenueMinor + revenue;
        return (unit with { Clicks = unit.Clicks + clicks, Conversions = unit.Conversions + conversions, RevenueMinor = unit.RevenueMinor + revenue },
            new DayCounts(unit.ExperimentId, DateOnly.FromDateTime(outcome.At.UtcDateTime), unit.Variant)
            {
                Clicked = unit.Clicks == 0 ? clicks : 0, Converted = unit.Conversions == 0 ? conversions : 0,
                RevenueMinor = revenue, RevenueSquares = after * after - before * before, Products = unit.Covariate * revenue,
            });
    }
}
